"""Words that deny, hedge and report, by language, as patterns over folded text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import regex

_NEGATION: Mapping[str, str] = {
    "en": r"not|never|no|none|nobody|nothing|nowhere|neither|nor|without|cannot|\w+n['’]t",
    "nl": r"niet|geen|nooit|niemand|niets|nergens|noch|zonder",
    "de": r"nicht|kein\w{0,2}|nie|niemals|niemand\w{0,2}|nichts|nirgends|weder|ohne",
    "fr": r"ne|n(?=['’])|sans|aucune?|non|ni|jamais",
    "es": r"no|nunca|jamas|ningun\w?|nada|nadie|ni|sin|tampoco",
    "it": r"non|mai|nessun\w?|niente|nulla|ne(?=\s\w+\s(?:ne)\b)|senza|neanche|nemmeno|neppure",
    "pt": r"nao|nunca|jamais|nenhum\w?|ninguem|nada|nem|sem|tampouco",
    "ca": r"no|mai|cap|res|ningu|sense|ni|tampoc", "ro": r"nu|n(?=-)|niciodata|niciun\w?|nimeni|nimic|fara|nici",
    "pl": r"nie|bez|zaden|zadn\w+|nigdy|nikt|nikogo|nikomu|nic|niczego|ani|niczym",
    "cs": r"ne(?!bo\b|z\b|j|bot|kter|co\b|kdy\b|kde|del|dav|moc|pal|jaky|stat|meck|us|bezp)\w{2,}|bez|zadn\w+|nikdy|nikdo|nic|ani",
    "sk": r"nie|ne(?!j)\w{3,}|bez|ziad\w+|nikdy|nikto|nic|ani",
    "ru": r"не|нет|ни|без|никогда|никто|никого|никому|ничего|ничто|никак\w*|нельзя|отнюдь",
    "uk": r"не|немає|ні|без|ніколи|ніхто|нікого|нічого|жоден|жодн\w+|неможна", "bg": r"не|няма|ни|без|никога|никой|нищо|няма",
    "tr": r"degil\w*|yok\w{0,4}|hicbir\w*|hic|asla|\w{2,}m[ae](?:di|dik|dim|din|diler|dilar|dig\w+|yece\w+|yaca\w+|mis\w*|z|zlar|zler|zsa\w*|yan\w*|yen\w*|yip\w*)"
          r"|\w{2,}miyor\w*|\w{2,}muyor\w*",
    "ar": r"[وف]?(?:لا|لم|لن|ليس\w{0,2}|ليسوا|غير|عدم)|ب?دون|ولا",
    "fa": r"نه|نیست\w*|نمی\w*|بدون|هیچ\w*", "he": r"[וש]?(?:לא|אין|בלי|אינ\w+|מעולם)", "hi": r"नहीं|नही|न|ना|मत|बिना|कभी नहीं",
    "sv": r"inte|ej|ingen|inget|inga|aldrig|varken", "da": r"ikke|ingen|intet|aldrig|uden|hverken", "nb": r"ikke|ingen|intet|aldri|uten|verken",
    "fi": r"ei|en|et|emme|ette|eivat|ilman|alkaa|ala", "hu": r"nem|ne|nincs\w*|soha|sem|nelkul|se", "el": r"δεν|δε|μη|μην|οχι|χωρις|ουτε|κανεν\w+|ποτε",
    "id": r"tidak|bukan|tanpa|belum|jangan|tak", "vi": r"khong|chua|chang",
    "zh": r"(?<![无特])(?:不(?![仅但过断久同少管论料满惜安久幸])|没有?|未(?!来|知|必)|无(?!论|线|数|疑|关紧)|并非|毫无|从未)",
    "ja": r"ない|なかった|ません|ずに|ねば|なく(?!な)|無(?=い)",
    "ko": r"않\w*|못\w*|없\w*|아니\w*",
}  # fmt: skip

_SOFT: Mapping[str, str] = {
    "en": r"den(?:y|ied|ies|ying|ial)|refus\w+|fail\w*|lack\w*|reject\w*|unable|impossible|unlikely|hardly|barely|scarcely|few|little|absen\w+"
          r"|prevent\w*|avoid\w*|instead|rather|declin\w+|doubt\w*|un\w{4,}|only|stop\w*|ban\w*|block\w*|oppos\w+|against|false\w*|wrong\w*|cancel\w*|halt\w*|rule[ds]? out|far from|neither",
    "nl": r"ontken\w+|weiger\w+|faal\w+|gebrek\w*|afgewezen|wijst|wees|onmogelijk|nauwelijks|amper|weinig|voorkom\w+|vermijd\w+|tegen|alleen|slechts|on\w{4,}|verbod\w*|verbied\w*",
    "de": r"leugn\w+|bestreit\w+|bestritt\w*|dementier\w+|verweiger\w+|weiger\w+|fehl\w+|mangel\w*|ablehn\w+|lehnt\w*|unmoglich|kaum|wenig\w*|verhinder\w+|vermeid\w+|gegen|nur|un\w{4,}|verbot\w*|verbiet\w*",
    "fr": r"ni(?:e|er|ait|ent)|dement\w*|refus\w+|echou\w+|manqu\w+|rejet\w+|impossible|peu|guere|empech\w+|evit\w+|contre|seul\w*|in\w{4,}|interdi\w+|faute",
    "es": r"neg[oó]|nieg\w+|negar\w*|rechaz\w+|fracas\w+|falt\w+|carec\w+|imposible|apenas|poco\w*|impid\w+|evit\w+|contra|solo|in\w{4,}|im\w{4,}|prohib\w+|desmint\w+",
    "it": r"neg\w+|smenti\w+|rifiut\w+|fall\w+|manc\w+|respin\w+|impossibile|appena|poc\w+|imped\w+|evit\w+|contro|solo|in\w{4,}|im\w{4,}|viet\w+",
    "pt": r"neg\w+|recus\w+|fracass\w+|falt\w+|rejeit\w+|impossivel|apenas|pouc\w+|imped\w+|evit\w+|contra|so|in\w{4,}|im\w{4,}|proib\w+",
    "pl": r"zaprzecz\w+|odmaw\w+|odmow\w+|brak\w*|odrzuc\w+|niemozliw\w+|ledwie|malo|uniem\w+|unik\w+|przeciw\w*|tylko|jedynie|nie\w{4,}|zakaz\w*",
    "ru": r"отриц\w+|опроверг\w+|отказ\w+|отверг\w+|невозможн\w+|едва|мало|предотвра\w+|избе\w+|против|только|лишь|не\w{4,}|запре\w+",
    "tr": r"redd\w+|yalanla\w+|inkar\w*|basarisiz\w*|eksik\w*|imkansiz|zor|az|engelle\w+|karsi|sadece|yalnizca|\w{3,}s[iu]z\w*|yasak\w*",
    "ar": r"نفي|نفت|ينفي|تنفي|رفض\w*|يرفض|فشل\w*|منع\w*|ضد|فقط|مستحيل|نقص",
    "zh": r"否认|拒绝|失败|缺乏|避免|防止|反对|只|仅|禁止|难以", "ja": r"否定|拒否|失敗|欠|防|避|反対|だけ|のみ|禁止|困難",
}  # fmt: skip
"""Words that deny without a negation: they excuse one on the other side and ask for none."""

_HEDGES: Mapping[str, str] = {
    "en": r"may(?=\s\p{Ll})|might|could|possibly|perhaps|maybe|probably|likely|reportedly|allegedly|alleged|supposedly|apparently|presumably|seemingly",
    "nl": r"mogelijk|misschien|wellicht|waarschijnlijk|vermoedelijk|zou|zouden|naar verluidt|vermeende",
    "de": r"moglicherweise|vielleicht|wahrscheinlich|vermutlich|angeblich\w{0,2}|mutmasslich\w{0,2}|konnte|konnten|durfte|durften|womoglich|eventuell|offenbar",
    "fr": r"peut-etre|probablement|possiblement|vraisemblablement|pourrai\w+|presume\w*|apparemment|eventuellement",
    "es": r"quiza|quizas|tal vez|probablemente|posiblemente|podria\w*|presunt\w+|supuest\w+|aparentemente",
    "it": r"forse|probabilmente|possibilmente|potrebbe\w*|presunt\w+|apparentemente|magari",
    "pt": r"talvez|provavelmente|possivelmente|poderia\w*|suposta?mente|alegadamente|supost\w+|aparentemente",
    "pl": r"moze|byc moze|prawdopodobnie|mozliwe|podobno|rzekom\w+|domnieman\w+|zapewne|chyba",
    "ru": r"возможно|может быть|вероятно|наверное|якобы|предположительно|по-видимому|предполагаем\w+",
    "tr": r"belki|muhtemelen|olasilikla|iddiaya gore|iddia edilen|sozde|galiba|herhalde|olabilir",
    "ar": r"ربما|قد|يحتمل|المحتمل|يزعم|المزعوم\w*|علي ما يبدو", "zh": r"可能|也许|或许|大概|据称|疑似|涉嫌|恐怕", "ja": r"かもしれ|可能性|おそらく|恐らく|とみられ|らしい|ようだ|容疑",
    "sv": r"kanske|mojligen|troligen|sannolikt|kunde|pastadd\w*|formodligen", "da": r"maske|muligvis|sandsynligvis|formentlig|angivelig\w*",
    "nb": r"kanskje|muligens|sannsynligvis|trolig|angivelig\w*", "hi": r"शायद|संभवत|संभवतः|कथित|सकता|सकती|सकते",
}  # fmt: skip

_REPORTS: Mapping[str, str] = {
    "en": r"sa(?:y|ys|id|ying)|t(?:ell|ells|old)|add(?:ed|s)|announc(?:ed|es)|warn(?:ed|s)|claim(?:ed|s)|argu(?:ed|es)|explain(?:ed|s)|stat(?:ed|es)|report(?:ed|s)|declar(?:ed|es)"
          r"|insist(?:ed|s)|admit(?:ted|s)|acknowledg(?:ed|es)|tweet(?:ed|s)|wr(?:ote|ites)|not(?:ed|es)|suggest(?:ed|s)|accus(?:ed|es)|den(?:ied|ies)|repl(?:ied|ies)|ask(?:ed|s)|believ(?:ed|es)|urg(?:ed|es)|confirm(?:ed|s)|predict(?:ed|s)|reveal(?:ed|s)|comment(?:ed|s)|recall(?:ed|s)|conclud(?:ed|es)|according to",
    "nl": r"ze(?:gt|i|iden|ggen)|vertel(?:t|de|den)|voeg(?:t|de) (?:eraan|er aan|daaraan)?|waarschuw(?:t|de|den)|beweer(?:t|de|den)|verklaar(?:t|de|den)|meld(?:t|de|den)|aldus|volgens|stel(?:t|de|den)|benadruk(?:t|te|ten)|beaam(?:t|de)"
          r"|schrijft|schreef|vindt|vond|meent|meende|kondig(?:t|de) aan|gaf|geeft|legde|erken(?:t|de)|ontken(?:t|de)|bevestig(?:t|de)|vraagt|vroeg|antwoord(?:t|de)|noem(?:t|de)",
    "de": r"sag(?:t|te|ten|en)|erklar(?:t|te|ten|en)|betont\w*|warn(?:t|te|ten)|behaupte(?:t|te|ten)|meint\w*|berichte(?:t|te|ten)|laut|zufolge|schreib(?:t|en)|schrieb\w*|kundigt\w*|teilt\w*|fugt\w*|gab|gibt|raumt\w*|bestatig\w+|kommentier\w+|erzahl\w+|fragt\w*|antwort\w+|nann\w+|nenn\w+|so",
    "fr": r"di(?:t|sent|sait|re)|a(?:joute|joutait)|affirm\w+|declar\w+|expliqu\w+|annonc\w+|averti\w*|pretend\w*|assur\w+|rapport\w+|selon|ecri(?:t|vait)|estim\w+|confi(?:e|a|é)|indiqu\w+|soulign\w+|precis\w+|racont\w+|reconn\w+|commente\w*|twitt\w+|insist\w*",
    "es": r"di(?:jo|ce|cen|jeron)|dicho|afirm\w+|declar\w+|explic\w+|anunci\w+|advirti\w+|asegur\w+|agreg\w+|anadi\w+|sostuv\w+|segun|escribi\w+|inform\w+|coment\w+|senal\w+|indic\w+|manifest\w+|cont[oó]|reconoci\w+|acus\w+|conclu\w+",
    "it": r"di(?:ce|sse|cono|ssero)|detto|afferm\w+|dichiar\w+|spieg\w+|annunci\w+|avvert\w+|sosten\w+|aggiun\w+|second[oa]|scri(?:ve|tto|sse)|riferi\w+|racconta\w*|comment\w+|ammess\w*|ammett\w+|insist\w+|assicur\w+|riport\w+",
    "pt": r"di(?:sse|z|zem|sseram)|afirm\w+|declar\w+|explic\w+|anunci\w+|advert\w+|acrescent\w+|segundo|escreve\w+|inform\w+|coment\w+|admit\w+|conta|contou|relat\w+|conforme",
    "pl": r"powiedzia\w+|mowi\w*|twierdz\w+|stwierdz\w+|doda(?:l|la|je)|oswiadcz\w+|ostrzeg\w+|wedlug|napisa\w+|poinformowa\w+|wyjasni\w+|zaznacz\w+|podkresl\w+|przyzna\w+|uwaza\w*|zapowiedzi\w+|ocenil\w*|zapyta\w+|odpowiedzi\w+|skomentowa\w+|zdaniem",
    "ru": r"сказал\w*|говорит|говорил\w*|заявил\w*|заявляет|добавил\w*|сообщил\w*|сообщает|отметил\w*|предупредил\w*|утвержда\w+|объяснил\w*|пояснил\w*|рассказал\w*|считает|написал\w*|по словам|подчеркнул\w*|признал\w*|ответил\w*|объявил\w*",
    "tr": r"de(?:di|mis|r|diler)|soyle(?:di|yen|yor|mis|diler)|belirt\w+|acikla\w+|ifade etti|vurgula\w+|uyar(?:di|diler)|iddia etti|ekledi|bildirdi|anlatti|aktardi|kaydetti|konustu|sordu|itiraf etti|yazdi",
    "ar": r"و?(?:قال\w?|قالت|يقول|تقول|اضاف\w?|اضافت|صرح\w?|صرحت|اعلن\w?|اعلنت|حذر\w?|ذكر\w?|ذكرت|اكد\w?|اكدت|اوضح\w?|اخبر\w?|اخبرت)",
    "zh": r"说|表示|称|指出|告诉|宣布|警告|补充|认为|强调|声称|透露|写道", "ja": r"述べ|語|話し|言|発表|警告|指摘|主張|明らかに|説明",
    "sv": r"sag(?:er|t)|sade|sa|berattar|uppger|enligt|menar|skriver|tillagger|varnar|havdar", "da": r"siger|sagde|fortaeller|oplyser|ifolge|mener|skriver|tilfojer|advarer",
    "nb": r"sier|sa|forteller|opplyser|ifolge|mener|skriver|advarer",
}  # fmt: skip


@cache
def negations(language: str) -> regex.Pattern[str] | None:
    """What negates, over folded text."""
    return _compile(_NEGATION, language)


@cache
def soft_negations(language: str) -> regex.Pattern[str] | None:
    """What may stand for a negation, over folded text."""
    return _compile(_SOFT, language)


@cache
def hedges(language: str) -> regex.Pattern[str] | None:
    """What makes a claim uncertain, over folded text."""
    return _compile(_HEDGES, language)


@cache
def reports(language: str) -> regex.Pattern[str] | None:
    """What says that somebody said so, over folded text."""
    return _compile(_REPORTS, language)


def _compile(table: Mapping[str, str], language: str) -> regex.Pattern[str] | None:
    words = table.get(language.partition("-")[0])
    if words is None:
        return None
    if language.startswith(("zh", "ja")):
        return regex.compile(words)
    return regex.compile(rf"(?<![\w]){'(?:' + words + ')'}(?![\w])")
