using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using WebhookKit.Retry;

namespace WebhookKit.Endpoints.Internal;

/// <summary>A policy as stores keep it; durations in milliseconds.</summary>
internal static class PolicyJson
{
    private const string RetryDelays = "retryDelays";
    private const string RetryJitter = "retryJitter";
    private const string AttemptTimeout = "attemptTimeout";
    private const string MaxInFlight = "maxInFlight";
    private const string Rate = "rate";
    private const string ClientCertificate = "clientCertificate";
    private const string PayloadFormat = "payloadFormat";
    private const string SignatureScheme = "signatureScheme";
    private const string SignatureHeaderPrefix = "signatureHeaderPrefix";

    public static string Write(EndpointPolicy policy)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (policy.RetrySchedule is { } schedule)
            {
                json.WriteStartArray(RetryDelays);
                foreach (var delay in schedule.Delays)
                {
                    json.WriteNumberValue(delay.TotalMilliseconds);
                }

                json.WriteEndArray();
                json.WriteNumber(RetryJitter, schedule.Jitter);
            }

            if (policy.AttemptTimeout is { } timeout)
            {
                json.WriteNumber(AttemptTimeout, timeout.TotalMilliseconds);
            }

            if (policy.MaxInFlight is { } maxInFlight)
            {
                json.WriteNumber(MaxInFlight, maxInFlight);
            }

            WriteText(json, Rate, policy.Rate?.ToString());
            WriteText(json, ClientCertificate, policy.ClientCertificate);
            WriteText(json, PayloadFormat, policy.PayloadFormat);
            WriteText(json, SignatureScheme, policy.SignatureScheme);
            WriteText(json, SignatureHeaderPrefix, policy.SignatureHeaderPrefix);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static bool TryRead([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EndpointPolicy? policy)
    {
        policy = null;
        if (string.IsNullOrEmpty(text))
        {
            // Most endpoints have none, and each fan-out reads them: an exception for each cost more than the rest of it.
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root)
            {
                policy = Read(root);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            // Not what Write wrote.
        }

        return policy is not null;
    }

    private static EndpointPolicy Read(JsonElement root) => new()
    {
        RetrySchedule = root.TryGetProperty(RetryDelays, out var delays)
            ? new RetrySchedule(
                delays.EnumerateArray().Select(ReadDuration),
                root.TryGetProperty(RetryJitter, out var jitter) ? jitter.GetDouble() : RetryDefaults.Jitter)
            : null,
        AttemptTimeout = root.TryGetProperty(AttemptTimeout, out var timeout) ? ReadDuration(timeout) : null,
        MaxInFlight = root.TryGetProperty(MaxInFlight, out var maxInFlight) ? maxInFlight.GetInt32() : null,
        Rate = ReadText(root, Rate) is { } rate ? EndpointRate.Parse(rate) : null,
        ClientCertificate = ReadText(root, ClientCertificate),
        PayloadFormat = ReadText(root, PayloadFormat),
        SignatureScheme = ReadText(root, SignatureScheme),
        SignatureHeaderPrefix = ReadText(root, SignatureHeaderPrefix),
    };

    private static TimeSpan ReadDuration(JsonElement value) => TimeSpan.FromMilliseconds(value.GetDouble());

    private static string? ReadText(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
