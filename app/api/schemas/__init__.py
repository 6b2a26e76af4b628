"""Wire models: the shapes of what comes in and goes out, and what the OpenAPI document is made from."""
