"""Export without saying whose it is: what is asked, and the writing beside the window."""
