"""Sizes, grades and types that name goods without a word for them: "5w30" is engine oil, "205/55 R16" a tyre.

Read off the text of a question before its words; what they stand for is asked in words. Pure; no database.
"""

import re

_NUMBER = r"\d{1,3}(?:[.,]\d{1,2})?"
_SIZE = rf"(?:\d{{1,2}}\s?[xх×*]\s?{_NUMBER}(?:\s?[+]\s?\d\s?[xх×*]\s?{_NUMBER})?)"
_GRADES = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"\b(?:sae\s?)?\d{1,2}w-?\s?\d{2}\b(?=.*\b(?:gl-?[45]|трансмисс\w*|gear|transmission)\b)", "gear oil"),
        (r"\b(?:sae\s?)?(?:7[05]|8[05])w-?\s?(?:80|85|90|140)\b", "gear oil"),
        (r"\b(?:sae\s?)?\d{1,2}w-?\s?\d{2}\b", "engine oil"),
        (r"\bdexron\s?(?:[iv]+|\d)?\b|\batf\s?(?:[iv]+|\d)?\b", "transmission oil"),
        (r"\b\d{3}/\d{2,3}\s?-?z?rf?\s?(?:1[7-9]|2[0-4])[.,]5\b|\b(?:1[0-3]|[789])[.,]?00\s?-?r\s?(?:20|22[.,]5|24)\b",
         "truck tyre"),
        (r"\b\d{3}/\d{2,3}\s?-?z?rf?\s?\d{2}(?:c|с)?\b|\b\d{3}/\d{2}-\d{2}\b|\b\d{3}\s?r\s?1[2-6]c?\b", "car tyre"),
        (r"\b(?:дт|dt)\b(?!\s?-?\d\d)(?:[\s-]*(?:евро|euro|[лзеакk])\b)?(?:[\s-]*(?:к|k)?-?[2-6]\b)?",
         "дизельное топливо"),
        (r"\bдизель\s?(?:евро|euro)\s?-?[2-6]\b|\b(?:diesel|gas\s?oil)\s?(?:евро|euro|en\s?590)\s?-?[2-6]?\b",
         "дизельное топливо"),
        (r"\b(?:(?:аи|ai)[\s-]?|[аa]-)(?:80|9[1258]|100)(?:[\s-]?(?:к|k|евро|euro)-?[2-6])?\b", "бензин автомобильный"),
        (r"\b(?:а?ввг|авбб?шв|вбб?шв|пвс|пугв|пунп|шввп|кг-?хл|сип|nym|апв|пв-?[123]?|vvg)"
         rf"(?:\s?-?(?:нг|п|п?нг|э|ng|пнг))*(?:\s?\(?[аa]\)?)?(?:\s?-?(?:frls|ls|lsltx|hf|хл))?[\s-]*{_SIZE}",
         "кабель электрический"),
        (r"\b(?:а?ввг|авбб?шв|вбб?шв|пугв|пунп|шввп|nym)(?:п?нг|п|э)?(?:\(?[аa]\)?)?(?:-?ls|-?frls)?\b",
         "кабель электрический"),
        (r"\b(?:utp|ftp|stp|sftp)\b(?:\s?-?(?:cat)?\.?\s?[5-8][еe]?)?|\bcat\.?\s?[5-8][еe]?\b", "lan cable"),
        (r"\b(?:пц|цем|cem|портландцемент|цемент)\s?-?\s?(?:[iv]+(?:/[aаbв])?|м?\s?[45]00)[\w./-]*"
         r"(?:\s?д\s?(?:0|5|20))?\b(?:\s?\d{2},5\w?)?", "портландцемент"),
        (r"\b[aа](?:240|400|500|600)[сc]?\b", "арматура"),
        (r"\b(?:dot|дот)[\s-]?(?:3|4|5(?:[.,]1)?)\b", "brake fluid"),
        (r"\bg-?1[123](?:\+{0,2})(?!\w)", "antifreeze"),
        (r"\br-?(?:22|32|134a?|404a|407c|410a|600a|507)\b", "refrigerant gas"),
        (r"\b(?:npk|нпк)\s?\d{1,2}[-:]\d{1,2}[-:]\d{1,2}\b|\b\d{2}[-:]\d{2}[-:]\d{2}\s?(?:npk|нпк)\b",
         "npk fertilizer"),
        (r"\b6\s?ст\s?-?\s?\d{2,3}\b", "автомобильный аккумулятор"),
        (r"\b(?:18650|21700|14500|26650)\b", "lithium-ion battery"),
        (r"\bcr-?(?:2032|2025|2016|1632|123a?)\b|\blr-?(?:03|6|14|20|41|44)\b", "батарейка"),
        (r"\b6[0-4]\d{2}[\s-]?(?:2?rs|zz|2z|c3)[12]?\b", "ball bearing"),
        (r"\b3[0-3]\d{3}[\s-]?(?:j2|jr)\b", "tapered roller bearing"),
        (r"\bddr[\s-]?[345]\b", "ram memory module"),
        (r"\b(?:пэ|pe)-?(?:80|100)\b|\bsdr\s?-?\d{1,2}(?:[.,]\d)?\b", "труба полиэтиленовая"),
        (r"\b[mм]\d{1,2}\s?[xх×*]\s?\d{2,3}\b", "болт"),
        (r"\b(?:din|гост)\s?-?(?:933|931|7798(?:-70)?)\b", "болт"),
        (r"\b(?:din|гост)\s?-?(?:934|5915(?:-70)?)\b", "гайка"),
        (r"\b(?:e|е)-?(?:14|27|40)\b|\bgu-?(?:10|5[.,]3)\b", "led lamp bulb"),
        (r"\b(?:er|э|уони|мр|ано)[\s-]?(?:70s-?6|46|42|50а|13/55|6013|3с?|21)\b", "сварочные электроды"),
        (r"\bпф-?1(?:15|33)\b|\bнц-?132\b|\bхв-?16\b", "эмаль"),
        (r"\bгф-?021\b", "грунтовка"),
    )
)  # fmt: skip
_MEASURES = re.compile(
    r"(?<![\w./-])\d+(?:[.,/]\d+)*(?:\s?[xх×*]\s?\d+(?:[.,]\d+)?)*\s?"
    r"(?:мм2?|mm2?|см2?|cm2?|кг|kg|гр?|g|мл|ml|л|l|вт|квт|kw|w|ач|ah|мач|mah|гц|hz|в|v|k|шт|pcs|м|m|мкм|um|бар|bar)"
    r"(?![\w])\.?",
    re.IGNORECASE,
)


def read_off(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without grades, and the words that they stand for."""
    meant: list[str] = []
    for pattern, words in _GRADES:
        left = pattern.sub(" ", text)
        if left != text:
            meant.append(words)
            text = left
    return text, tuple(dict.fromkeys(meant))


def without_measures(text: str) -> str:
    """The text without amounts and sizes, unless nothing else stands in it."""
    left = " ".join(_MEASURES.sub(" ", text).split())
    return left if re.search(r"[^\W\d_]{2}", left) else text
