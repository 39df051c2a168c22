using System.Text.Json;
using WebhookKit.Verification;

namespace WebhookKit.Receiving;

/// <summary>Finds the events of a verified request by what the provider's entry says, without building a document.</summary>
internal sealed class EventReader(WebhookProvider provider)
{
    private const int MaxEventTypeLength = 256;

    private readonly JsonPointer? _events = provider.EventsPointer is { } pointer ? new JsonPointer(pointer) : null;
    private readonly JsonPointer _eventType = new(provider.EventTypePointer);
    private readonly JsonPointer? _detail = provider.EventTypeDetailPointer is { } pointer ? new JsonPointer(pointer) : null;
    private readonly JsonPointer[] _furtherEventTypes = [.. provider.FurtherEventTypePointers.Select(pointer => new JsonPointer(pointer))];
    private readonly ClaimKeyStep[] _keySteps = [.. ClaimKeyStep.Of(provider.ClaimKey)];

    // Only a template is known to sign the whole URL: what a verifier leaves out of it, whoever replays a request could change.
    private readonly bool _hasSignedUrl = provider.Signature?.Content.Contains("{url}", StringComparison.Ordinal) is true;

    /// <summary>Returns the events, or null and in <paramref name="reason"/> what is wrong and where.</summary>
    public RequestEvent[]? Read(in WebhookRequest request, VerificationResult verified, out string reason)
    {
        var keys = new ClaimKey(_keySteps, request, _hasSignedUrl, verified);
        if (_events is null || !MayBeSeveral(request))
        {
            return ReadOne(request.Headers, request.Body, keys, place: null, out reason) is { } only ? [only] : null;
        }

        if (Split(request.Body, out reason) is not { } payloads)
        {
            return null;
        }

        var events = new RequestEvent[payloads.Count];
        for (var place = 0; place < events.Length; place++)
        {
            if (ReadOne(request.Headers, payloads[place], keys, place, out reason) is not { } next)
            {
                reason = $"event {place}: {reason}";
                return null;
            }

            events[place] = next;
        }

        return events;
    }

    private RequestEvent? ReadOne(
        WebhookHeaders headers, ReadOnlyMemory<byte> payload, in ClaimKey keys, int? place, out string reason)
    {
        var eventType = provider.EventTypeHeader is { } header
            ? ReadHeader(headers, header, out reason)
            : ReadMember(_eventType, payload.Span, out reason);
        for (var next = 0; eventType is null && reason.Length == 0 && next < _furtherEventTypes.Length; next++)
        {
            eventType = ReadMember(_furtherEventTypes[next], payload.Span, out reason);
        }

        if (eventType is { Length: > 0 } && Find(_detail, payload.Span) is { Length: > 0 } detail)
        {
            eventType = $"{eventType}.{detail}";
        }

        if (eventType is null && reason.Length == 0)
        {
            eventType = provider.DefaultEventType;
            reason = $"Missing at '{provider.EventTypeHeader ?? provider.EventTypePointer}'";
        }

        if (eventType is null)
        {
            return null;
        }

        // Event types go into logs: what could forge a line there is none.
        if (eventType.Length is > 0 and <= MaxEventTypeLength && !JsonText.HasControlCharacters(eventType))
        {
            // One of several was cut out of JSON.
            var contentType = place is null ? MediaType.Keep(headers["Content-Type"].ToString()) : "application/json";
            return new RequestEvent(eventType, keys.Of(payload.Span, place), contentType, payload);
        }

        reason = $"NoEventTypeName at '{provider.EventTypeHeader ?? provider.EventTypePointer}'";
        return null;
    }

    private bool MayBeSeveral(in WebhookRequest request) => provider.EventsContentTypes.Count == 0
        || (request.Headers["Content-Type"] is [{ } contentType] && MediaType.IsOneOf(contentType, provider.EventsContentTypes));

    // A missing event type is left to the provider's default: no reason is given for it.
    private static string? ReadHeader(WebhookHeaders headers, string name, out string reason)
    {
        var lines = headers[name];
        reason = lines.Count > 1 ? $"Duplicate header '{name}'" : "";
        return lines.Count == 1 ? lines[0] : null;
    }

    private string? ReadMember(JsonPointer pointer, ReadOnlySpan<byte> payload, out string reason)
    {
        var text = JsonText.WithoutByteOrderMark(payload);
        var result = pointer.Find(text, out var value);
        // Where the provider has a default, a body need not even be JSON.
        reason = result == JsonPointerResult.Missing || (result == JsonPointerResult.Malformed && provider.DefaultEventType is not null)
            ? ""
            : $"{result} at '{pointer}'";
        return result != JsonPointerResult.Found ? null
            : text[value][0] == '"' ? JsonText.ReadName(text[value]) ?? ""
            : "";
    }

    private static string? Find(JsonPointer? pointer, ReadOnlySpan<byte> payload)
    {
        var text = JsonText.WithoutByteOrderMark(payload);
        return pointer?.Find(text, out var value) == JsonPointerResult.Found ? JsonText.ReadName(text[value]) : null;
    }

    private List<ReadOnlyMemory<byte>>? Split(ReadOnlyMemory<byte> body, out string reason)
    {
        var text = JsonText.WithoutByteOrderMark(body.Span);
        var result = _events!.Find(text, out var range);
        reason = $"{result} at '{_events}'";
        if (result != JsonPointerResult.Found)
        {
            return null;
        }

        var value = body[(body.Length - text.Length)..][range];
        var reader = new Utf8JsonReader(value.Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return [value];
        }

        var payloads = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            payloads.Add(value[start..(int)reader.BytesConsumed]);
        }

        return payloads;
    }
}
