"""What is drawn or handed on from exchanges: the lane layout and run reports; pure, knows no window."""
