"""Every kind of page by an address that shows it: what the accessibility tests and the screenshots walk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from tests.support import reaching


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One kind of page.

    Shape: `address` the path and query, or what makes them of a running server's URL and the
        reader's language (a guide has to be kept first, in that language) ·
        `in_docs` whether the documentation shows it.
    """

    name: str
    address: str | Callable[[str, str], str]
    in_docs: bool = False

    def on(self, url: str, language: str = "zh-CN") -> str:
        """Return the whole address on a running server, for a reader of the language."""
        return url + (self.address if isinstance(self.address, str) else self.address(url, language))


def _ask(topic: str, **answers: str) -> str:
    return f"/ask/{topic}?{urlencode(answers)}"


# What the eight taps of the simplest pharmacy come to.
_PHARMACY: Final = (
    "entity_exists=false&decoration_area_m2=0&pharmacy_scope=otc_b&sells_medical_device=none&sells_food=none"
    "&sells_online=no&wants_medical_insurance=false&has_licensed_pharmacist=trained_staff_only&premises_area_m2=80"
    "&serious_dishonesty_record=false"
)


def _guide(page: str, topic: str, **answers: str) -> str:
    return f"/{page}/{topic}?{urlencode(answers)}"


def _kept(url: str, language: str) -> str:
    """The address of a guide that is kept for this, whole enough to have forms and a calendar."""
    pairs = parse_qsl(_PHARMACY)
    topic = "open_pharmacy"
    answered = reaching.get(f"{url}/v1/evaluate", params=[("topic", topic), *pairs]).raise_for_status().json()["facts"]
    request = {"topic": topic, "facts": answered, "lang": language}
    return f"/g/{reaching.post(f'{url}/v1/guides', json=request).raise_for_status().json()['reference_shown']}"


SHOWN: Final = (
    ShownPage("home", "/", in_docs=True),
    ShownPage("search", "/search?" + urlencode({"q": "卖非处方药的小药店"})),
    ShownPage("search-nothing", "/search?q=zzzz"),
    ShownPage("reference", "/kept"),
    ShownPage("reference-wrong", "/kept?reference=ACD-EFG-HJKK"),
    ShownPage("ask-buttons", _ask("open_pharmacy", decoration_area_m2="0", skip="has_licensed_pharmacist")),
    ShownPage("ask-choices", _ask("open_pharmacy", entity_exists="false", decoration_area_m2="0"), in_docs=True),
    ShownPage("ask-number", _ask("open_pharmacy", at="pharmacy_area_m2")),
    ShownPage("ask-areas", _ask("open_pharmacy", entity_exists="false")),
    ShownPage("ask-several", _ask("build_project", at="work_type")),
    ShownPage("ask-zones", _ask("food_business", food_activities="prepackaged_sales", at="in_beijing_ftz")),
    ShownPage(
        "ask-wrong", _ask("build_project", area_total_m2="100", area_above_ground_m2="ca. 300", height_m="-1", foo="1")
    ),
    ShownPage("ask-contradiction", _ask("open_pharmacy", district="yanqing", in_beijing_ftz="true")),
    ShownPage("ask-day-wrong", _ask("open_pharmacy", as_of="1999-01-01")),
    ShownPage("result", f"/guide/open_pharmacy?{_PHARMACY}", in_docs=True),
    ShownPage("guide-open", _guide("guide", "open_pharmacy", pharmacy_scope="otc_b")),
    ShownPage("compare-choose", _guide("compare", "food_business", food_activities="prepackaged_sales")),
    ShownPage(
        "compare",
        _guide("compare", "open_pharmacy", pharmacy_scope="otc_b", as_of="2024-03-01", change="as_of", to="2020-12-29"),
        in_docs=True,
    ),
    ShownPage("kept", _kept, in_docs=True),
    ShownPage("kept-other-language", lambda url, language: _kept(url, "en" if language == "zh-CN" else "zh-CN")),
    ShownPage("feedback", lambda url, language: f"{_kept(url, language)}/feedback"),
    ShownPage("feedback-thanks", lambda url, language: f"{_kept(url, language)}/feedback/thanks?masked=1"),
    ShownPage("kept-unknown", "/g/ACD-EFG-HJKM"),
    ShownPage("law", "/law?status=encoded"),
    ShownPage("law-clause", "/law/clauses/bj-2020-26/2.1.3.2"),
    ShownPage("law-procedure", "/law/procedures/drug_retail_license", in_docs=True),
    ShownPage("law-rule", "/law/rules/prepackaged_filing_in_ftz"),
    ShownPage("law-documents", "/law/documents"),
    ShownPage("law-document", "/law/documents/samr-78-2023"),
    ShownPage("law-changes", "/law/changes?topic=open_clinic"),
    ShownPage("lost", "/nowhere"),
)
