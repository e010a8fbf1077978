"""What changed between two plans."""

from __future__ import annotations

from talentopt.store.diff import describe, difference


def folder(path, pairs, placements):
    path.mkdir()
    lines = ["matching,seeker,provider,points", *(f"{row},0" for row in pairs)]
    (path / "pairs.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["participant,placement,stage,start,end,points"]
    lines += [f"{who},{where},rotation,{start},2026-09,0" for who, where, start in placements]
    (path / "placements.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_gone_new_moved_and_kept(tmp_path):
    before = folder(
        tmp_path / "a",
        ["career,007,M1", "career,P2,M2"],
        [("007", "R1", "2026-07"), ("P2", "R1", "2026-07"), ("P3", "R1", "2026-07")],
    )
    after = folder(
        tmp_path / "b",
        ["career,007,M1", "career,P2,M3"],
        [("007", "R1", "2026-07"), ("P2", "R1", "2026-08"), ("NA", "R2", "2026-08")],
    )
    found = difference(before, after)
    assert found.kept_pairs == 0.5
    assert found.kept_placements == 1 / 3
    assert found.placements[["change", "participant"]].to_numpy().tolist() == [
        ["new", "NA"],
        ["moved", "P2"],
        ["gone", "P3"],
    ]
    text = describe(found)
    assert "gone  career: P2 with M2" in text
    assert "moved P2 at R1, 2026-07 -> 2026-08" in text


def test_empty_plans_are_alike(tmp_path):
    found = difference(folder(tmp_path / "a", [], []), folder(tmp_path / "b", [], []))
    assert (found.kept_pairs, found.kept_placements) == (1.0, 1.0)
