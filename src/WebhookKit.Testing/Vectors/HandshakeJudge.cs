using System.Text;
using System.Text.Json;
using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit.Testing;

/// <summary>Asks a provider's responder alone, signature aside, and compares its answer.</summary>
internal static class HandshakeJudge
{
    public static async Task<VectorVerdict> JudgeAsync(SignatureVector vector, CancellationToken cancellationToken)
    {
        if (!WebhookProviders.TryGet(vector.EntryName, out var provider))
        {
            return VectorJudge.Unknown(vector, $"the catalogue has no entry '{vector.EntryName}'");
        }

        using var client = new HttpMessageInvoker(new AgreeableHandler());
        var context = new HandshakeContext
        {
            Request = vector.ToRequest(),
            Source = "vector",
            Secrets = vector.Secrets,
            Settings = SettingsOf(vector),
            SecretStore = new PendingRegistration(),
            Client = client,
        };
        var result = await HandshakeResponder.AnswerAsync(provider, HandshakeStage.BeforeVerification, context, cancellationToken)
            .ConfigureAwait(false);
        if (result.Status == HandshakeStatus.NotAsked)
        {
            result = await HandshakeResponder.AnswerAsync(provider, HandshakeStage.AfterVerification, context, cancellationToken)
                .ConfigureAwait(false);
        }

        if (result.Status != HandshakeStatus.Answered || result.Response is not { } response)
        {
            return VectorJudge.Said(vector, valid: false, result.Status.ToString());
        }

        return vector.IsExpectedValid && vector.ExpectedResponse is { } expected && Differs(expected, response) is { } difference
            ? new VectorVerdict(vector, !vector.IsBinding, "another answer", difference)
            : VectorJudge.Said(vector, valid: true, result.Status.ToString());
    }

    private static Dictionary<string, string> SettingsOf(SignatureVector vector)
    {
        var settings = new Dictionary<string, string>(vector.Context, StringComparer.OrdinalIgnoreCase);
        if (settings.TryGetValue("topic", out var topic))
        {
            settings[HandshakeSettings.Topics.Name] = topic;
        }

        return settings;
    }

    private static string? Differs(JsonElement expected, HandshakeResponse response)
    {
        var body = Encoding.UTF8.GetString(response.Body.Span);
        foreach (var member in expected.EnumerateObject())
        {
            var agrees = member.Name switch
            {
                "status" => member.Value.ValueKind == JsonValueKind.Array
                    ? member.Value.EnumerateArray().Any(status => status.GetInt32() == response.StatusCode)
                    : member.Value.GetInt32() == response.StatusCode,
                "contentType" => response.ContentType?.Split(';')[0].Trim().Equals(member.Value.GetString(), StringComparison.OrdinalIgnoreCase) is true,
                "bodyUtf8" => body == member.Value.GetString(),
                "bodyContains" => body.Contains(member.Value.GetString()!, StringComparison.Ordinal),
                "bodyJson" => SameJson(body, member.Value),
                "headers" => member.Value.EnumerateObject().All(header => HasHeader(response, header.Name, header.Value.GetString())),
                "headersAbsent" => member.Value.EnumerateArray().All(name => !HasHeader(response, name.GetString()!, value: null)),
                _ => true,
            };
            if (!agrees)
            {
                return $"its {member.Name} is another";
            }
        }

        return null;
    }

    private static bool HasHeader(HandshakeResponse response, string name, string? value) => response.Headers.Any(header =>
        header.Key.Equals(name, StringComparison.OrdinalIgnoreCase) && (value is null || header.Value == value));

    private static bool SameJson(string body, JsonElement expected)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return JsonElement.DeepEquals(document.RootElement, expected);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What a host has opened before it asks the provider to send.</summary>
    private sealed class PendingRegistration : ISourceSecretStore
    {
        public ValueTask OpenAsync(SourceRegistration registration, CancellationToken cancellationToken) => default;

        public ValueTask<RegistrationResult> TryCompleteAsync(RegistrationAnswer answer, CancellationToken cancellationToken) =>
            new(answer.Topic is null ? RegistrationResult.Completed : RegistrationResult.NotPending);

        public ValueTask<IReadOnlyList<string>> GetSecretsAsync(string source, string? tenantId, CancellationToken cancellationToken) => new([]);

        public ValueTask<bool> RemoveAsync(string source, string? tenantId, string topic, CancellationToken cancellationToken) => new(false);
    }

    /// <summary>Calls nobody and says that all went well.</summary>
    private sealed class AgreeableHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.OK));
    }
}
