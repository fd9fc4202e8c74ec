"""Learning from past findings: lines of goods in, features, trees and figures out. Pure: no database and no clock.

Measures here are binary floats: they rank files and never become an amount.
"""
