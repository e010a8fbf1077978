"""Exact solution by enumeration: all itineraries that an optimal plan could contain."""
