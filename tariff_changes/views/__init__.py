"""Pages of change sets, of the public record of changes, and of new exchange rates."""
