"""Two fragments of a changelog for the small rulebook: what its two rules change, on the days they begin."""

from typing import Final

_FRAGMENT: Final = """code: {code}
from: {day}
precision: {precision}
recorded: {recorded}
topics: [shop]
rules: [{rule}]
procedures: [licence]
title: {{zh: {zh}, en: {en}}}
notice: {{zh: {zh}，一看便知。, en: "{en}, as the shop will notice."}}
basis: [{basis}]
"""

CHANGELOG: Final = {
    "changelog/2020-12-30-waived-by-night.yaml": _FRAGMENT.format(
        code="waived_by_night",
        day="2020-12-30",
        precision="month",
        recorded="2021-01-04",
        rule="waived_by_night",
        zh="夜里开的小店免办许可",
        en="No licence for shops open by night",
        basis="plan#1.a",
    ),
    "changelog/2021-06-01-small-by-commitment.yaml": _FRAGMENT.format(
        code="small_by_commitment",
        day="2021-06-01",
        precision="day",
        recorded="2026-11-22",
        rule="commitment_for_small",
        zh="小店可以告知承诺",
        en="Small shops by commitment",
        basis="law#1",
    ),
}
