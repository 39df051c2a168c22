using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using WebhookKit.EventTypes;
using WebhookKit.Identifiers;

namespace WebhookKit.Publishing;

/// <summary>Makes messages from events: names the type, writes the payload once, checks every bound.</summary>
public sealed class MessageFactory
{
    private readonly EventTypeRegistry _eventTypes;
    private readonly IdGenerator _ids;
    private readonly TimeProvider _timeProvider;
    private readonly JsonSerializerOptions _json;

    /// <summary>Creates the factory.</summary>
    public MessageFactory(
        EventTypeRegistry eventTypes,
        IdGenerator ids,
        TimeProvider timeProvider,
        IOptions<WebhooksOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _eventTypes = eventTypes;
        _ids = ids;
        _timeProvider = timeProvider;
        _json = options.Value.JsonSerializerOptions;
    }

    /// <summary>Makes a message with the Standard Webhooks body <c>{"type":…,"timestamp":…,"data":…}</c>.</summary>
    /// <exception cref="UnknownEventTypeException"><typeparamref name="T"/> is not registered.</exception>
    /// <exception cref="PayloadTooLargeException">The payload is larger than 256 KiB.</exception>
    /// <exception cref="ArgumentException">An option is out of bounds.</exception>
    public WebhookMessage Create<T>(T data, PublishOptions? options = null)
    {
        if (!_eventTypes.TryGetName(typeof(T), out var eventType))
        {
            throw new UnknownEventTypeException(typeof(T));
        }

        options ??= PublishOptions.None;
        var occurredAt = options.OccurredAt ?? _timeProvider.GetUtcNow();
        var payload = WritePayload(eventType, occurredAt, data, (JsonTypeInfo<T>)_json.GetTypeInfo(typeof(T)));
        return Create(eventType, payload, MessageDefaults.ContentType, occurredAt, options);
    }

    /// <summary>Makes a message from bytes that the host has written; they are copied.</summary>
    /// <exception cref="PayloadTooLargeException">The payload is larger than 256 KiB.</exception>
    /// <exception cref="ArgumentException">The event type, the media type or an option is out of bounds.</exception>
    public WebhookMessage Create(RawEvent rawEvent, PublishOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rawEvent);
        if (!EventTypeName.IsValid(rawEvent.EventType))
        {
            throw new ArgumentException(
                $"'{rawEvent.EventType}' is not an event-type name; use dotted segments such as 'invoice.paid'.", nameof(rawEvent));
        }

        // Refused here, where the caller can still mend it.
        MediaType.Check(rawEvent.ContentType, nameof(rawEvent));
        options ??= PublishOptions.None;
        var occurredAt = options.OccurredAt ?? _timeProvider.GetUtcNow();
        return Create(rawEvent.EventType, rawEvent.Payload.ToArray(), rawEvent.ContentType, occurredAt, options);
    }

    /// <summary>Makes a message of another origin than the host's own publishing, whose event type need not be registered.</summary>
    /// <param name="eventType">The event type.</param>
    /// <param name="data">The data, written as the payload's <c>data</c> member.</param>
    /// <param name="jsonTypeInfo">How to write it.</param>
    /// <param name="origin">Why the message exists.</param>
    /// <param name="options">Tenant, target and times.</param>
    /// <exception cref="PayloadTooLargeException">The payload is larger than 256 KiB.</exception>
    /// <exception cref="ArgumentException">The event type or an option is out of bounds.</exception>
    public WebhookMessage Create<T>(
        string eventType, T data, JsonTypeInfo<T> jsonTypeInfo, MessageOrigin origin, PublishOptions? options = null)
    {
        if (!EventTypeName.IsValid(eventType))
        {
            throw new ArgumentException(
                $"'{eventType}' is not an event-type name; use dotted segments such as 'invoice.paid'.", nameof(eventType));
        }

        options ??= PublishOptions.None;
        var occurredAt = options.OccurredAt ?? _timeProvider.GetUtcNow();
        var payload = WritePayload(eventType, occurredAt, data, jsonTypeInfo);
        return Create(eventType, payload, MessageDefaults.ContentType, occurredAt, options) with { Origin = origin };
    }

    private WebhookMessage Create(
        string eventType, ReadOnlyMemory<byte> payload, string contentType, DateTimeOffset occurredAt, PublishOptions options)
    {
        if (payload.Length > MessageDefaults.MaxPayloadBytes)
        {
            throw new PayloadTooLargeException(eventType, payload.Length);
        }

        return new WebhookMessage
        {
            Id = _ids.NewMessageId(),
            TenantId = CheckKey(options.TenantId, nameof(PublishOptions.TenantId)),
            EventType = eventType,
            ContentType = contentType,
            Payload = payload,
            OccurredAt = occurredAt,
            DeliverAt = options.DeliverAt,
            TargetEndpointId = options.TargetEndpointId,
            OrderingKey = CheckKey(options.OrderingKey, nameof(PublishOptions.OrderingKey)),
            IdempotencyKey = CheckKey(options.IdempotencyKey, nameof(PublishOptions.IdempotencyKey)),
            TraceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null,
        };
    }

    private byte[] WritePayload<T>(string eventType, DateTimeOffset occurredAt, T data, JsonTypeInfo<T> jsonTypeInfo)
    {
        using var buffer = new PayloadBuffer();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = _json.Encoder }))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, eventType);
            writer.WriteString("timestamp"u8, FormatTimestamp(occurredAt));
            writer.WritePropertyName("data"u8);
            JsonSerializer.Serialize(writer, data, jsonTypeInfo);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    // RFC 3339 in UTC with milliseconds.
    internal static string FormatTimestamp(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string? CheckKey(string? key, string option)
    {
        if (key is null)
        {
            return null;
        }

        // PostgreSQL cannot store U+0000 or half a surrogate pair in a text: refused here, where the caller can still mend it.
        if (key.Length is 0 or > MessageDefaults.MaxKeyLength || key.Contains('\0', StringComparison.Ordinal) || HasHalfAPair(key))
        {
            throw new ArgumentException(
                $"PublishOptions.{option} must have 1 to {MessageDefaults.MaxKeyLength} characters, no U+0000 and no half of a surrogate pair.", option);
        }

        return key;
    }

    private static bool HasHalfAPair(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
            {
                return true;
            }
        }

        return false;
    }
}
