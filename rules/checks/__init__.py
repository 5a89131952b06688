"""The checks of lint, by what they look at; each is one function `check(context)` that yields findings.

`rules.lint` runs them all. To add one: write it beside its kin, list it in `CHECKS` of its module, add its code to
`rules.findings.Code` and a bad rule set of that name to the sample data."""
