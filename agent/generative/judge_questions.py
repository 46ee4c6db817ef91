"""What the judge is asked, in the language of the sentences it reads."""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = "Do the sentences support all of the statement?"
_QUESTIONS: Mapping[str, str] = {
    "ar": "هل تدعم الجمل العبارة بأكملها؟",
    "bg": "Потвърждават ли изреченията цялото твърдение?",
    "cs": "Podporují věty celé tvrzení?",
    "da": "Støtter sætningerne hele påstanden?",
    "de": "Stützen die Sätze die ganze Aussage?",
    "el": "Υποστηρίζουν οι προτάσεις ολόκληρο τον ισχυρισμό;",
    "en": _ENGLISH,
    "es": "¿Respaldan las frases toda la afirmación?",
    "fa": "آیا جمله‌ها از کل گزاره پشتیبانی می‌کنند؟",
    "fi": "Tukevatko lauseet koko väitettä?",
    "fr": "Les phrases appuient-elles toute l’affirmation ?",
    "he": "האם המשפטים תומכים בטענה כולה?",
    "hi": "क्या वाक्य पूरे कथन का समर्थन करते हैं?",
    "hu": "Alátámasztják a mondatok a teljes állítást?",
    "id": "Apakah kalimat-kalimat itu mendukung seluruh pernyataan?",
    "it": "Le frasi sostengono tutta l’affermazione?",
    "ja": "これらの文は主張全体を裏付けていますか？",
    "ko": "이 문장들이 진술 전체를 뒷받침합니까?",
    "nb": "Støtter setningene hele påstanden?",
    "nl": "Ondersteunen de zinnen de hele bewering?",
    "pl": "Czy zdania potwierdzają całe stwierdzenie?",
    "pt": "As frases sustentam toda a afirmação?",
    "ro": "Propozițiile susțin întreaga afirmație?",
    "ru": "Подтверждают ли предложения всё утверждение целиком?",
    "sv": "Stöder meningarna hela påståendet?",
    "th": "ประโยคเหล่านี้สนับสนุนข้อความทั้งหมดหรือไม่?",
    "tr": "Cümleler ifadenin tamamını destekliyor mu?",
    "uk": "Чи підтверджують речення все твердження повністю?",
    "vi": "Các câu này có xác nhận toàn bộ phát biểu không?",
    "zh": "这些句子是否支持整个陈述？",
}


def ask_in(language: str) -> str:
    """Whether sentences support all of a statement, asked in `language`, a BCP 47 tag; else in English."""
    return _QUESTIONS.get(language.partition("-")[0], _ENGLISH)
