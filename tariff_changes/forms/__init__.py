"""What officers type to change the tariff, read and judged as far as a form alone can."""
