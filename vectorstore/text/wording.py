"""How newsrooms around the world sign a picture and announce other articles."""

from __future__ import annotations

PHOTO_WORDS = (
    r"photos?|photo by|photographs?|picture|image|images|courtesy|credit|handout"
    r"|foto['’]?s?|foto door|fotografie?|beeld|bild|grafik|imagen|imagem|immagine|crédits?|crédito|divulgação"
    r"|cortesía|zdjęcie|fot|snímek|fotoğraf|görsel|kuva|valokuva|kép|fotó|φωτο|φωτογραφία"
    r"|фото|фотография|снимок|світлина|снимка"
    r"|الصورة|صورة|تصوير|عکس|תמונה|צילום|फोटो|तस्वीर|ছবি|ภาพ|ảnh"
    r"|写真|撮影|画像|图|圖|图片|圖片|照片|사진"
)
"""Patterns of words that name a picture or its maker, before a name; compared without regard to case."""

EAST_ASIAN_CREDIT = r"写真|撮影|提供|[图圖摄攝]|사진"
"""The same where no space sets words apart: anywhere inside a bracket."""

AGENCIES = (
    "AP", "AFP", "Reuters", "EPA", "EPA-EFE", "EFE", "ANP", "ANSA", "APA", "Belga", "Keystone", "dpa", "Lusa",
    "PAP", "ČTK", "TASR", "MTI", "TT", "NTB", "Ritzau", "Ritzau Scanpix", "STT", "Lehtikuva", "Kyodo", "Jiji",
    "Xinhua", "Yonhap", "Bernama", "Antara", "PTI", "IANS", "TASS", "Sputnik", "Ukrinform", "UNIAN", "AA",
    "Anadolu", "DHA", "İHA", "Getty", "Getty Images", "Bloomberg", "Shutterstock", "Unsplash", "Imago",
    "Hollandse Hoogte", "Agerpres", "Tanjug", "Hina", "BTA", "WAFA", "IRNA", "ISNA", "TTXVN", "VNA",
    "ТАСС", "РИА Новости", "Интерфакс", "Укринформ", "Укрінформ", "УНІАН", "БТА", "ΑΠΕ-ΜΠΕ", "ΑΠΕ",
    "رويترز", "أ ف ب", "أ.ف.ب", "أسوشيتد برس", "واس", "وفا", "الأناضول", "ایرنا", "ایسنا", "רויטרס",
    "एएफपी", "रॉयटर्स", "पीटीआई", "एपी", "รอยเตอร์", "เอเอฟพี", "เอพี",
    "共同", "共同通信", "時事", "時事通信", "ロイター", "新华社", "新華社", "中新社", "中央社",
    "路透社", "法新社", "美联社", "美聯社", "연합뉴스", "뉴시스", "로이터",
)  # fmt: skip
"""Agencies that sign pictures with their bare name; those whose name abbreviates much else are left out."""

RELATED_HEADINGS = (
    "gerelateerd", "gerelateerde dekking", "gerelateerde artikelen", "gerelateerde berichten", "lees ook",
    "lees meer", "lees verder", "meer over dit onderwerp", "meer lezen", "meer nieuws", "bekijk ook",
    "related", "related coverage", "related articles", "related stories", "related news", "related topics",
    "related content", "related links", "read more", "read also", "read next", "also read", "see also",
    "more on this story", "more on this topic", "more from", "more stories", "you may also like",
    "you might also like", "recommended", "recommended stories", "further reading", "more coverage",
    "lire aussi", "à lire aussi", "a lire aussi", "à lire également", "lire également", "voir aussi",
    "articles liés", "articles similaires", "sur le même sujet", "pour aller plus loin", "en savoir plus",
    "mehr zum thema", "lesen sie auch", "lesen sie mehr", "auch interessant", "weiterlesen", "mehr dazu",
    "weitere artikel", "verwandte artikel", "das könnte sie auch interessieren", "weitere informationen",
    "lea también", "lea además", "leer también", "le puede interesar", "te puede interesar", "lee también",
    "noticias relacionadas", "artículos relacionados", "más información", "vea también", "relacionado",
    "leia também", "leia mais", "veja também", "notícias relacionadas", "artigos relacionados",
    "leggi anche", "leggi di più", "articoli correlati", "notizie correlate", "per approfondire",
    "czytaj także", "czytaj też", "czytaj również", "zobacz także", "zobacz też", "przeczytaj także",
    "powiązane artykuły", "čtěte také", "čtěte více", "přečtěte si také", "související články", "čítajte aj",
    "prečítajte si aj", "olvassa el ezt is", "kapcsolódó cikkek", "kapcsolódó cikkeink", "citește și",
    "citiți și", "vezi și", "articole similare", "pročitajte još", "pročitajte i", "vezane vijesti",
    "прочитајте још", "preberite tudi", "прочетете още", "вижте още", "още по темата",
    "läs också", "läs även", "läs mer", "relaterat", "læs også", "læs mere", "les også", "les mer",
    "lue myös", "lue lisää", "aiheesta lisää", "loe ka", "lasi arī", "lasiet arī", "taip pat skaitykite",
    "διαβάστε επίσης", "διαβάστε ακόμη", "σχετικά άρθρα", "ilgili haberler", "ayrıca okuyun",
    "bunu da okuyun", "bunlar da ilginizi çekebilir", "daha fazla oku",
    "читайте также", "читать также", "читайте ещё", "материалы по теме", "по теме", "похожие новости",
    "читайте також", "читайте ще", "матеріали за темою", "за темою",
    "اقرأ أيضا", "اقرأ أيضًا", "اقرأ ايضا", "اقرأ المزيد", "مواضيع ذات صلة", "أخبار ذات صلة",
    "مقالات ذات صلة", "قد يهمك أيضا", "بیشتر بخوانید", "مطالب مرتبط", "אולי יעניין אותך", "קראו גם",
    "קרא גם", "כתבות נוספות", "مزید پڑھیں", "यह भी पढ़ें", "ये भी पढ़ें", "इसे भी पढ़ें", "संबंधित खबरें",
    "আরও পড়ুন", "আরো পড়ুন", "மேலும் படிக்க", "இதையும் படிக்க",
    "関連記事", "関連ニュース", "関連", "あわせて読みたい", "こちらも読まれています", "相关报道", "相关新闻",
    "相关阅读", "相关文章", "延伸阅读", "更多新闻", "推荐阅读", "相關報導", "相關新聞", "延伸閱讀",
    "更多新聞", "관련기사", "관련 기사", "관련뉴스", "함께 읽기", "더 보기",
    "อ่านเพิ่มเติม", "ข่าวที่เกี่ยวข้อง", "อ่านข่าวที่เกี่ยวข้อง",
    "xem thêm", "đọc thêm", "tin liên quan", "bài liên quan", "baca juga", "berita terkait",
    "artikel terkait", "berita berkaitan", "soma pia", "soma zaidi", "basahin din", "lees ook dit",
)  # fmt: skip
"""Headings over links to other articles, without the colon that may follow."""
