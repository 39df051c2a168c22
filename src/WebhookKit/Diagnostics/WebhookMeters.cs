namespace WebhookKit.Diagnostics;

/// <summary>The names of the meters, to be named to OpenTelemetry's <c>AddMeter</c>.</summary>
public static class WebhookMeters
{
    /// <summary>The meter of <c>WebhookKit.AspNetCore</c>.</summary>
    public const string Receiver = "WebhookKit.Receiver";
}
