"""A programme of three people in which mentors and rotations are wanted by several."""

PEOPLE = [{"id": "a", "grade": 1}, {"id": "b", "grade": 1}, {"id": "c", "grade": 3}]
MENTORS = [
    {"id": "m", "grade": 2, "capacity": 1},
    {"id": "n", "grade": 2, "capacity": 2},
]
PLACEMENTS = [
    {"id": "R1", "stage": "rotation", "duration": 3, "seats": 1, "area": "x"},
    {"id": "R2", "stage": "rotation", "duration": 3, "seats": 1, "area": "y"},
    {"id": "R3", "stage": "rotation", "duration": 6, "seats": 1, "area": "x"},
]


def wishes(*rows: tuple[str, str, int]) -> list[dict[str, object]]:
    """Write preferences as (chooser, option, points)."""
    return [dict(zip(("chooser", "option", "points"), row, strict=True)) for row in rows]


WISHES = wishes(
    ("a", "m", 30), ("b", "m", 20), ("a", "R1", 8), ("b", "R1", 5), ("b", "R2", 4), ("c", "R3", 9)
)
TABLES = {
    "participants": PEOPLE,
    "mentors": MENTORS,
    "placements": PLACEMENTS,
    "preferences": WISHES,
}
MODEL = {
    "name": "small",
    "matchings": {
        "guide": {
            "seekers": "participants",
            "providers": "mentors",
            "need": 1,
            "missing": 100,
            "eligible": [{"at_least": {"column": "grade"}}],
            "points": [{"preference": {"weight": 1}}],
        }
    },
    "itineraries": {
        "ordered": True,
        "stages": [{"stage": "rotation", "min": 1, "max": 2, "missing": 50}],
        "idle": {"points": 1},
        "points": [{"preference": {"weight": 1}}],
    },
}
CALENDAR = {"unit": "month", "start": "2026-01", "periods": 6, "cycle": 6}
