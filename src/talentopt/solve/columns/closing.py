"""Closing the gap: column generation and dives in turn, blocks of people dived again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.columns.auction import auction
from talentopt.solve.columns.duals import descend
from talentopt.solve.columns.generate import generate, prove
from talentopt.solve.columns.master import Master
from talentopt.solve.columns.pool import Pool
from talentopt.solve.columns.rounding import round_off

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.columns.duals import Dual
    from talentopt.solve.columns.market import Market
    from talentopt.solve.columns.tables import Paths
    from talentopt.solve.control import Control

SEED_PASSES = 15
"""Price steps whose itineraries the linear program begins with."""

MORE_SEEDS, FAR = 4, 0.02
"""Most times that the seeds are renewed; the part of the bound that the program lacks then."""

FIRST_SHARE, NEXT_SHARE = 0.25, 0.1
"""Of the time, for column generation before the first dive and between later ones."""

FIRST_ROUNDS, NEXT_ROUNDS = 150, 20
"""Most rounds of column generation, likewise."""

FIRST_ARCS, PROOF_ARCS, MOST_ARCS = 40_000, 300_000, 1_000_000
"""Most arcs of graphs for people's bounds: before the first dive, for a proof then, and ever."""

AUCTION_SHARE = 0.25
"""Of the time, for an auction where there is no plan yet, before it hurries."""

DEAR = 10.0
"""What may not be missed is missed at this many times the highest price."""

BLOCKS = (16, 24, 32, 40)
"""People that are dived again together."""

BLOCKS_BETWEEN = 12
"""Blocks between two rounds of column generation."""

TURNS = 60
"""Most turns when reproducible."""


class Closing:
    """One run on a problem that is small enough for a linear program over itineraries.

    Parameters
    ----------
    market : Market
    control : Control
    rng : numpy Generator
    offer : callable
        Makes a plan of everybody's itineraries, and offers it.
    """

    def __init__(
        self,
        market: Market,
        control: Control,
        rng: np.random.Generator,
        offer: Callable[[Paths], bool],
    ) -> None:
        """Start without itineraries."""
        self.market, self.control, self.rng, self.offer = market, control, rng, offer
        self.pool = Pool(market)
        self.choice: np.ndarray | None = None
        self.merit = -np.inf

    def run(self, prices: np.ndarray, longest: float) -> None:
        """Bound and plan.

        Parameters
        ----------
        prices : (n_prices,) float64
            Where to start.
        longest : float
            First price step, in points.
        """
        market, control = self.market, self.control
        paths = market.pricer.empty_paths()
        dual = descend(market, control, prices, paths, SEED_PASSES, longest, self.pool)
        if dual.bound == np.inf:
            return
        control.enter("columns")
        dear = DEAR * max(1.0, float(np.abs(dual.prices).max(initial=0.0)), longest)
        master = Master(market, self.pool, dear)
        master.add_rows(np.flatnonzero(dual.prices[: market.rows.stop]))
        for _ in range(MORE_SEEDS):
            master.solve()
            if master.missed < FAR and dual.bound - master.value < FAR * abs(dual.bound):
                break
            more = descend(market, control, dual.prices, paths, SEED_PASSES, longest, self.pool)
            if more.bound < dual.bound:
                dual = more
            master.add_rows(np.flatnonzero(dual.prices[: market.rows.stop]))
        arcs, until = FIRST_ARCS, self._after(FIRST_SHARE)
        proven = generate(market, master, control, dual, FIRST_ROUNDS, arcs, until)
        auctioned = control.best is None and self._auction(dual)
        if not proven and not control.finished():
            control.enter("proof")
            prove(market, master, control, dual, PROOF_ARCS)
        turn = 0
        while not control.finished() and (turn < TURNS or not control.limits.reproducible):
            if turn == 0 or not auctioned:
                control.enter("dive")
                self._dive(master, dual, {}, -np.inf)
                # Where dives lead nowhere, auctions by other chances do.
                auctioned &= self.choice is None
            if auctioned:
                self._auction(dual)
            control.enter("blocks")
            for number in range(BLOCKS_BETWEEN):
                self._dive_block(master, dual, BLOCKS[number % len(BLOCKS)])
            if control.finished():
                return
            control.enter("columns")
            arcs, until = min(2 * arcs, MOST_ARCS), self._after(NEXT_SHARE)
            generate(market, master, control, dual, NEXT_ROUNDS, arcs, until)
            turn += 1

    def _after(self, share: float) -> Callable[[], bool]:
        """Say when a share of the time is over from now on; never when reproducible."""
        control = self.control
        end = control.seconds + share * control.limits.seconds
        return lambda: not control.limits.reproducible and control.seconds > end

    def _auction(self, dual: Dual) -> bool:
        """Offer a plan near the best prices; return whether one was found."""
        control, reproducible = self.control, self.control.limits.reproducible
        if control.finished():
            return False
        control.enter("auction")
        begun, allowed = control.seconds, AUCTION_SHARE * control.limits.seconds

        def spent() -> float:
            if control.finished():
                return np.inf
            return 0.0 if reproducible else (control.seconds - begun) / allowed

        plan = dual.paths.copy()
        found = auction(self.market, dual.prices, plan, self.rng, spent)
        if found:
            self.offer(plan)
        return found

    def _dive(self, master: Master, dual: Dual, start: dict[int, int], least: float) -> None:
        """Round off, and keep the answer when it is the best."""
        chosen = round_off(self.market, master, self.control, dual.paths, self.rng, start, least)
        if chosen is None or master.value <= self.merit:
            return
        self.choice, self.merit = chosen, master.value
        plan = self.market.pricer.empty_paths()
        self.pool.put(plan, chosen)
        self.offer(plan)

    def _dive_block(self, master: Master, dual: Dual, size: int) -> None:
        """Dive some people again, those who lose most first."""
        if self.choice is None or self.control.finished():
            return
        person = self.pool.person[self.choice]
        loss = np.maximum(0.0, -master.reduced(self.choice))
        chance = (loss + loss.mean() + 1e-9) * self.rng.random(len(loss))
        free = set(person[np.argsort(-chance)[:size]].tolist())
        start = {
            int(owner): int(number)
            for owner, number in zip(person, self.choice, strict=True)
            if owner not in free
        }
        self._dive(master, dual, start, self.merit + 1e-6)
