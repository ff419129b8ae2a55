"""What surrounds the panels: strip, top bar, rail, status bar, toasts and dialogs."""
