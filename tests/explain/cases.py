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
WISHES = [
    {"chooser": "a", "option": "m", "points": 30},
    {"chooser": "b", "option": "m", "points": 20},
    {"chooser": "a", "option": "R1", "points": 8},
    {"chooser": "b", "option": "R1", "points": 5},
    {"chooser": "b", "option": "R2", "points": 4},
    {"chooser": "c", "option": "R3", "points": 9},
]
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
