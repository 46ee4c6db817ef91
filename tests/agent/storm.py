"""News of one storm by four outlets: agreed, told by one, contradicted, reprinted."""

from __future__ import annotations

ARTICLES = {
    "courier.md": """---
title: Storm floods Weert
outlet: The Courier
date: 2024-12-03
language: en
---

The river Weer flooded the old town of Weert on Monday.

The mayor, Ruth Bakker, said that 300 families had to leave their homes.

Schools in the old town may stay closed until Friday, the council said.
""",
    "herald.md": """---
title: Weert under water
outlet: The Herald
date: 2024-12-04
language: en
---

The old town of Weert was flooded by the river Weer on Monday.

The mayor, Ruth Bakker, said that 450 families had to leave their homes.

Four boats of the army brought people to a sports hall on Tuesday.
""",
    "avondbode.md": """---
title: Wateroverlast in Weert
outlet: De Avondbode
date: 2024-12-04
language: nl
---

De Weer overstroomde maandag de oude binnenstad van Weert.

De dijk bij Roermond werd in 1998 voor het laatst verhoogd.
""",
    "reprint.md": """---
title: Flood in Weert
outlet: Morning Post
date: 2024-12-04
language: en
---

WEERT — The river Weer flooded the old town of Weert on Monday.

The mayor, Ruth Bakker, said that 300 families had to leave their homes.

Schools in the old town may stay closed until Friday, the council said. (Agency)
""",
    "gallery.md": """---
title: Weert in pictures
outlet: The Chronicle
date: 2024-12-05
language: en
---

A boat of the army passes the town hall of Weert on December 3, 2024. (Photo: Anna Smit)

Volunteers from Roermond swept mud out of the library of Weert on Wednesday.

Related coverage:

River Weer floods the old town of Weert
""",
    "tulips.md": """---
title: Tulips
outlet: The Gazette
date: 2024-05-01
language: en
---

Tulip growers in Lisse sold 40 million bulbs this spring.
""",
}
"""File by name; `reprint.md` prints `courier.md`'s text."""
