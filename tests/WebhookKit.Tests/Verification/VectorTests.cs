using System.Text;
using System.Text.Json;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

public class VectorTests
{
    private static readonly Dictionary<string, JsonElement> Vectors = JsonDocument
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "standard-webhooks.json")))
        .RootElement.EnumerateArray()
        .ToDictionary(vector => vector.GetProperty("id").GetString()!);

    public static TheoryData<string> Ids => [.. Vectors.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Verify_PublishedVector_AgreesWithIt(string id)
    {
        var vector = Vectors[id];

        var verified = Verify(vector);

        if (vector.GetProperty("assert").GetString() == "must")
        {
            Assert.Equal(vector.GetProperty("expected").GetString() == "valid", verified);
        }
    }

    [Fact]
    public void Verify_WhereVectorsLeaveAChoice_RefusesMoreThanTenSignaturesAndUnusableSecrets()
    {
        var choices = Vectors.Values.Where(vector => vector.GetProperty("assert").GetString() == "either").ToList();

        Assert.Equal(
            ["sw-official-sym~many", "sw-official-sym~secretbadrot"],
            choices.Select(vector => vector.GetProperty("id").GetString()));
        Assert.DoesNotContain(true, choices.Select(Verify));
    }

    /// <summary>A secret that the provider refuses is a configuration error: no request is accepted under it.</summary>
    private static bool Verify(JsonElement vector)
    {
        var provider = WebhookProviders.StandardWebhooks;
        List<string> secrets = [.. vector.GetProperty("secrets").EnumerateArray().Select(secret => secret.GetString()!)];
        if (vector.TryGetProperty("publicKey", out var publicKey))
        {
            secrets.Add(publicKey.GetString()!);
        }

        if (secrets.Any(secret => provider.ValidateSecret(secret) is not null))
        {
            return false;
        }

        var verifier = provider.CreateVerifier(new VerifierContext
        {
            Secrets = secrets,
            Tolerance = provider.DefaultTolerance,
            TimeProvider = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(vector.GetProperty("now").GetInt64())),
        });
        using var lifetime = (IDisposable)verifier;
        var headers = vector.GetProperty("headers").EnumerateObject().Select(header => KeyValuePair.Create(header.Name, header.Value.GetString()!));
        var body = Encoding.UTF8.GetBytes(vector.GetProperty("bodyUtf8").GetString()!);
        return verifier.VerifyAsync(new WebhookRequest("POST", null, WebhookHeaders.Create(headers), body)).Result.IsVerified;
    }
}
