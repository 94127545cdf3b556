"""The AI start-up of the first sample: Quillfern Tensorworks, Inc., calendar 2025. All of it is invented."""
