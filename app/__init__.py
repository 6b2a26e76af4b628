"""Approval path guide (审批路径导办): what a company really has to do, on a given day, and by which clause.

Read from the inside out: `errors`, `engine` (pure), `rulebook` (the law as data), `wording`, the use cases
(`evaluation`, `search`, …), then the doors (`api`, `cli`, …). Each layer imports only the ones before it.
"""
