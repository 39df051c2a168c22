namespace WebhookKit.LoadTest;

/// <summary>A measurement that cannot be made or does not hold; the message is for the person who started it.</summary>
internal sealed class LoadTestException(string message) : Exception(message);
