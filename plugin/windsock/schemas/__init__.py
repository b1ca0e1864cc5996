"""What the API answers: one Pydantic model per answer, with units in the descriptions of the fields."""
