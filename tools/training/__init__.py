"""Parts of the trainer: data, objective, optimiser, schedule, checkpoints, pictures."""
