"""What a plan means for people: reserves, fairness, stability, credit, development, chain."""
