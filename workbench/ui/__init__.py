"""Everything Qt: the window, its panels and models; values become pixels, gestures become calls on the session."""
