"""The certificate that the tests of the command line issue, as JSON holds it."""

from typing import Any

CERTIFICATE: dict[str, Any] = {
    "learner": {"name": "Jacob Ångström"},
    "course": {
        "title": "Introduction to Operations Management",
        "institution": "University of Pennsylvania",
        "syllabus": [{"title": "Process analysis", "hours": 5}],
        "workload": {"weeks": 8, "hours_per_week": [5, 7]},
    },
    "completed_on": "2026-11-02",
    "signatories": [{"name": "Christian Terwiesch", "title": "Professor"}],
    "skills": ["Process Analysis"],
    "limitations": ["no_degree_credit", "no_enrolment"],
}
