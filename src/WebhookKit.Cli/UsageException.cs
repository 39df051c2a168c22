namespace WebhookKit.Cli;

/// <summary>The tool was asked for what it cannot do; the message names the cure and never quotes a secret.</summary>
internal sealed class UsageException(string message) : WebhookException(message);
