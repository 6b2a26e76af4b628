"""Forty and more different faults, as they happen to people who keep rules."""

from typing import Final

from tests.planted.planting import CASES, HEAD, HOME, RULES, Plant

#: A question of its own, put before another one in the topic's list.
PLANTED: Final = """\
  - code: planted
    type: boolean
    name: {zh: 埋下的, en: planted}
    question: {zh: 埋下了吗？, en: "Is it planted?"}
    statement: {zh: 埋下了, en: it is planted}
    negation: {zh: 没有埋, en: it is not planted}
  - in_beijing_ftz
"""
#: A condition that holds where the definition does, whatever that question is answered.
ABSORBED: Final = (
    "when: {any: [{definition: is_small_catering},"
    " {all: [{definition: is_small_catering}, {fact: planted, is: true}]}]}"
)
#: Two constraints, one of which every scenario breaks.
IMPOSSIBLE: Final = """\
constraints:
  - {code: never_true, says: {zh: 不行, en: never}, common_sense: true, never: {fact: is_chain, is: true}}
  - {code: never_false, says: {zh: 不行, en: never}, common_sense: true, never: {fact: is_chain, is: false}}
"""
#: Entries of the topic that the faults are planted in.
RULE: Final = "small_catering_instead"
MERGING: Final = "small_catering_into_comprehensive_permit"
LICENCE: Final = "small_catering_license"
GROCERY: Final = "small_grocery_filing"
DEFINITION: Final = "is_small_catering"
POLICY: Final = "policies/bj-small-food-2018/policy.yaml"
PLAN: Final = "policies/bj-2020-26/clauses.yaml"
REGISTRATION: Final = "business_license_registration"
REGISTRATIONS: Final = "shared/business_licence/procedures.yaml"
WORKS: Final = "shared/building_works/rules.yaml"

FORM: Final = [
    Plant(
        "open_quote", "check", "syntax", RULES, lambda at: at.change(RULES, "title: {zh: ", 'title: {zh: "', entry=RULE)
    ),
    Plant(
        "chinese_colon",
        "check",
        "syntax",
        RULES,
        lambda at: at.change(RULES, "    force: binding\n", "    force：binding\n", entry=RULE),
    ),
    Plant(
        "tab_for_spaces",
        "check",
        "syntax",
        RULES,
        lambda at: at.change(RULES, "    force: binding\n", "\tforce: binding\n", entry=RULE),
    ),
    Plant(
        "key_twice",
        "check",
        "duplicate_key",
        RULES,
        lambda at: at.change(RULES, "    force: binding\n", "    force: binding\n    force: binding\n", entry=RULE),
    ),
    Plant(
        "key_misspelt",
        "check",
        "unknown_key",
        RULES,
        lambda at: at.change(RULES, "    force: binding", "    forse: binding", entry=RULE),
    ),
    Plant(
        "key_forgotten",
        "check",
        "missing_key",
        RULES,
        lambda at: at.change(RULES, "    force: binding\n", "", entry=RULE),
    ),
    Plant(
        "text_for_a_list",
        "check",
        "wrong_type",
        RULES,
        lambda at: at.change(RULES, r"overrides: \[.*\]", f"overrides: {RULE}", entry=MERGING),
    ),
    Plant(
        "treatment_misspelt",
        "check",
        "invalid_value",
        RULES,
        lambda at: at.change(RULES, "treatment: standard", "treatment: standart", entry=RULE),
    ),
    Plant(
        "no_english",
        "check",
        "missing_translation",
        RULES,
        lambda at: at.change(RULES, r"title: .*", "title: {zh: 小餐饮店}", entry=RULE),
    ),
    Plant("anchor", "check", "anchor", RULES, lambda at: at.change(RULES, "when: {", "when: &small {", entry=RULE)),
    Plant(
        "file_nobody_reads",
        "check",
        "unknown_file",
        f"{HOME}/rulez.yaml",
        lambda at: at.add(f"{HOME}/rulez.yaml", "rules: []\n"),
    ),
    Plant(
        "chinese_in_english",
        "check",
        "chinese_in_english",
        RULES,
        lambda at: at.change(RULES, r"title: .*", "title: {zh: 小餐饮店, en: A 小餐饮店}", entry=RULE),
    ),
    Plant(
        "no_source",
        "check",
        "missing_source",
        RULES,
        lambda at: at.change(RULES, r"basis:\n(      - .*\n)+", "basis: []\n", entry=RULE),
    ),
]
NAMES: Final = [
    Plant(
        "fact_misspelt",
        "check",
        "unknown_name",
        HEAD,
        lambda at: at.change(HEAD, "fact: is_chain", "fact: is_chane", entry=DEFINITION),
    ),
    Plant(
        "rule_misspelt",
        "check",
        "unknown_name",
        RULES,
        lambda at: at.change(RULES, r"overrides: \[", "overrides: [small_catering_insted, ", entry=MERGING),
    ),
    Plant(
        "procedure_misspelt",
        "check",
        "unknown_name",
        RULES,
        lambda at: at.change(RULES, "procedure: .*", "procedure: small_catering_licence", entry=RULE),
    ),
    Plant(
        "article_that_is_not_there",
        "check",
        "unknown_name",
        RULES,
        lambda at: at.change(RULES, "bj-small-food-2018#8", "bj-small-food-2018#88", entry=RULE),
    ),
    Plant(
        "code_twice",
        "check",
        "duplicate_code",
        RULES,
        lambda at: at.change(RULES, "- code: .*", f"- code: {RULE}", entry=MERGING),
    ),
    Plant(
        "fact_not_listed",
        "check",
        "unlisted_fact",
        "shared/comprehensive_permit/rules.yaml",
        lambda at: at.change(HEAD, r"^  - in_beijing_ftz\n", ""),
    ),
    Plant(
        "option_that_is_not_there",
        "check",
        "value_outside_fact",
        HEAD,
        lambda at: at.change(HEAD, r"contains_any: \[.*?\]", "contains_any: [catering]", entry=DEFINITION),
    ),
    Plant(
        "fact_nobody_mentions",
        "check",
        "useless_fact",
        HEAD,
        lambda at: at.change(HEAD, r"^  - in_beijing_ftz\n", PLANTED),
    ),
    Plant(
        "condition_that_is_not_there",
        "check",
        "unknown_condition",
        RULES,
        lambda at: at.add_rule("planted", f"{{procedure: {LICENCE}, conditions: {{drop: [two_exits]}}}}"),
    ),
]
SOURCES: Final = [
    Plant(
        "source_ended",
        "check",
        "source_ended",
        RULES,
        lambda at: at.change(
            POLICY, r"effective: \{from: 2019-07-01\}", "effective: {from: 2019-07-01, to: 2022-01-01}"
        ),
    ),
    Plant(
        "quote_changed",
        "check",
        "quote_not_found",
        PLAN,
        lambda at: at.change(PLAN, "推行食品经营（仅销售预包装食品）备案制", "推行食品经营（只销售预包装食品）备案制"),
    ),
    Plant(
        "waived_on_hearsay",
        "check",
        "unverified_decision",
        RULES,
        lambda at: (
            at.add_rule("planted", f"{{procedure: {LICENCE}, treatment: waived}}"),
            at.change(POLICY, "verification: full_text", "verification: unverified", entry="8"),
        ),
    ),
    Plant(
        "intention_decides",
        "check",
        "intent_decides",
        RULES,
        lambda at: at.change(RULES, "force: binding", "force: plan_intent", entry=RULE),
    ),
]
TIME: Final = [
    Plant(
        "ends_before_it_begins",
        "check",
        "period_clash",
        RULES,
        lambda at: at.change(RULES, r"effective: .*", "effective: {from: 2023-12-31, to: 2020-12-30}", entry=MERGING),
    ),
    Plant(
        "force_leaves_a_hole",
        "check",
        "force_gap",
        RULES,
        lambda at: at.change(
            RULES, "force: binding", "force: [{force: binding, effective: {from: 2022-01-01}}]", entry=RULE
        ),
    ),
    Plant(
        "covered_too_late",
        "check",
        "covers_from_late",
        HEAD,
        lambda at: at.change(HEAD, "covers_from: .*", "covers_from: 2021-01-01"),
    ),
    Plant(
        "definition_begins_too_late",
        "check",
        "definition_not_in_force",
        RULES,
        lambda at: at.change(
            HEAD, r"effective: \{from: 2019-07-01\}", "effective: {from: 2022-07-01}", entry=DEFINITION
        ),
    ),
    Plant(
        "example_before_the_law",
        "check",
        "day_not_covered",
        CASES,
        lambda at: at.change(CASES, "as_of: .*", "as_of: 2012-01-01"),
    ),
]
CIRCLES: Final = [
    Plant(
        "procedures_wait_for_each_other",
        "check",
        "dependency_cycle",
        REGISTRATIONS,
        lambda at: at.change(REGISTRATIONS, r"depends_on: \[.*\]", f"depends_on: [{LICENCE}]", entry=REGISTRATION),
    ),
    Plant(
        "definitions_use_each_other",
        "check",
        "definition_cycle",
        HEAD,
        lambda at: at.change(HEAD, r"\{fact: is_chain, is: false\}", f"{{definition: {DEFINITION}}}", entry=DEFINITION),
    ),
    Plant(
        "rules_override_each_other",
        "check",
        "override_cycle",
        RULES,
        lambda at: at.change(RULES, "    then:", f"    overrides: [{MERGING}]\n    then:", entry=RULE),
    ),
    Plant(
        "override_of_another_matter",
        "check",
        "idle_override",
        RULES,
        lambda at: at.change(RULES, r"overrides: \[", "overrides: [small_grocery_files_instead, ", entry=MERGING),
    ),
]
CASE_FAILS: Final = [
    Plant(
        "threshold_moved",
        "test",
        "",
        CASES,
        lambda at: at.change(HEAD, "at_most: 150", "at_most: 50", entry=DEFINITION),
    ),
    Plant(
        "begins_a_year_late",
        "test",
        "",
        CASES,
        lambda at: at.change(
            RULES, r"from: 2020-12-30, to: 2023-12-31", "from: 2023-12-30, to: 2023-12-31", entry=MERGING
        ),
    ),
    Plant(
        "wrong_treatment",
        "test",
        "treatment",
        CASES,
        lambda at: at.change(
            "shared/food/rules.yaml", "treatment: filing", "treatment: simplified", entry="prepackaged_filing_in_ftz"
        ),
    ),
    Plant(
        "condition_turned_round",
        "test",
        "",
        CASES,
        lambda at: at.change(HEAD, r"\{fact: is_chain, is: false\}", "{fact: is_chain, is: true}", entry=DEFINITION),
    ),
]
PROOF: Final = [
    Plant(
        "override_forgotten",
        "verify",
        "contradiction",
        RULES,
        lambda at: at.change(RULES, r"    overrides: .*\n", "", entry=MERGING),
    ),
    Plant(
        "two_limits",
        "verify",
        "contradiction",
        RULES,
        lambda at: (
            at.add_rule(
                "planted_quick",
                f"{{procedure: {GROCERY}, limit: {{value: 3, unit: working_day}}}}",
                when="{always: true}",
            ),
            at.add_rule(
                "planted_slow",
                f"{{procedure: {GROCERY}, limit: {{value: 5, unit: working_day}}}}",
                when="{always: true}",
            ),
        ),
    ),
    Plant(
        "two_channels",
        "verify",
        "contradiction",
        RULES,
        lambda at: (
            at.add_rule("planted_online", f"{{procedure: {REGISTRATION}, channel: online}}"),
            at.add_rule("planted_window", f"{{procedure: {REGISTRATION}, channel: window}}"),
        ),
    ),
    Plant(
        "nothing_says_how",
        "verify",
        "gap",
        REGISTRATIONS,
        lambda at: at.change(REGISTRATIONS, "default: standard", "default: none", entry=REGISTRATION),
    ),
    Plant(
        "rule_that_cannot_hold",
        "verify",
        "dead_rule",
        RULES,
        lambda at: at.add_rule(
            "planted",
            f"{{procedure: {REGISTRATION}, visits: 1}}",
            when="{all: [{fact: is_chain, is: true}, {fact: is_chain, is: false}]}",
        ),
    ),
    Plant(
        "rule_always_overridden",
        "verify",
        "dead_rule",
        RULES,
        lambda at: (
            at.add_rule("planted_low", f"{{procedure: {REGISTRATION}, visits: 1}}"),
            at.add_rule(
                "planted_high",
                f"{{procedure: {REGISTRATION}, visits: 0}}",
                when="{always: true}",
                more="    overrides: [planted_low]\n",
            ),
        ),
    ),
    Plant(
        "override_that_never_bites",
        "verify",
        "idle_override",
        RULES,
        lambda at: (
            at.add_rule("planted_yes", f"{{procedure: {REGISTRATION}, visits: 1}}"),
            at.add_rule(
                "planted_no",
                f"{{procedure: {REGISTRATION}, visits: 0}}",
                when="{fact: is_chain, is: false}",
                more="    overrides: [planted_yes]\n",
            ),
        ),
    ),
    Plant(
        "merged_into_nothing",
        "verify",
        "merge_target",
        RULES,
        lambda at: at.add_rule("planted", f"{{procedure: {REGISTRATION}, treatment: merged, merged_into: {LICENCE}}}"),
    ),
    Plant(
        "merged_into_each_other",
        "verify",
        "merge_cycle",
        RULES,
        lambda at: (
            at.add_rule(
                "planted_one",
                f"{{procedure: {REGISTRATION}, treatment: merged, merged_into: fire_design_review}}",
                when="{procedure: fire_design_review, is: required}",
            ),
            at.add_rule(
                "planted_other",
                f"{{procedure: fire_design_review, treatment: merged, merged_into: {REGISTRATION}}}",
                when=f"{{procedure: {REGISTRATION}, is: required}}",
            ),
        ),
    ),
    Plant(
        "steps_wait_for_each_other",
        "verify",
        "order_cycle",
        RULES,
        lambda at: at.add_rule(
            "planted",
            f"{{procedure: {REGISTRATION}, treatment: merged, merged_into: fire_acceptance}}",
            when="{procedure: fire_acceptance, is: required}",
        ),
    ),
    Plant(
        "start_together_and_wait",
        "verify",
        "order_cycle",
        RULES,
        lambda at: at.add_rule(
            "planted",
            f"{{procedure: {REGISTRATION}, parallel_with: [fire_acceptance]}}",
            when="{procedure: fire_acceptance, is: required}",
        ),
    ),
    Plant(
        "question_that_moves_nothing",
        "verify",
        "useless_question",
        HEAD,
        lambda at: (
            at.change(HEAD, r"^  - in_beijing_ftz\n", PLANTED),
            at.change(
                RULES,
                "when: .*",
                ABSORBED,
                entry=RULE,
            ),
        ),
    ),
    Plant(
        "nothing_is_possible",
        "verify",
        "no_scenario",
        f"{HOME}/constraints.yaml",
        lambda at: at.add(
            f"{HOME}/constraints.yaml",
            IMPOSSIBLE,
        ),
    ),
]
ALL: Final = [*FORM, *NAMES, *SOURCES, *TIME, *CIRCLES, *CASE_FAILS, *PROOF]
