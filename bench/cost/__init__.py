"""What an answer costs, side by side: calls of the model and tokens of prompts, over the same articles."""
