using System.Security.Cryptography;
using System.Text;
using WebhookKit.Signing;
using WebhookKit.Verification;

namespace WebhookKit.Benchmarks.Verification;

/// <summary>One signed request, its verifier, and the floor: as many reused keyed hashes over the same bytes as secrets are tried.</summary>
internal sealed class VerificationCase : IDisposable
{
    private readonly StandardWebhooksVerifier _verifier;
    private readonly WebhookRequest _request;
    private readonly IncrementalHash[] _floor;
    private readonly byte[] _prefix;
    private readonly byte[] _signedContent;
    private readonly byte[] _digest = new byte[HMACSHA256.HashSizeInBytes];

    public VerificationCase(int payloadBytes, int matchingSecret)
    {
        WebhookSecret[] secrets = [.. Enumerable.Range(0, matchingSecret).Select(_ => WebhookSecret.Generate())];
        var signedAt = TimeProvider.System.GetUtcNow();
        var payload = RandomNumberGenerator.GetBytes(payloadBytes);
        const string Id = "msg_01k0c4n8w7f3v9t2r6y5x1z0qe";

        using var signer = new StandardWebhooksSigner([secrets[^1]]);
        var headers = signer.SignAsync(new(Id, signedAt, payload), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        _request = new WebhookRequest("POST", null, WebhookHeaders.Create(headers), payload);
        _verifier = new StandardWebhooksVerifier(secrets, TimeSpan.FromDays(1), TimeProvider.System);

        _prefix = Encoding.ASCII.GetBytes($"{Id}.{signedAt.ToUnixTimeSeconds()}.");
        _signedContent = [.. _prefix, .. payload];
        _floor = [.. secrets.Select(secret =>
            IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret.Reveal()["whsec_".Length..])))];
    }

    public bool Verify()
    {
        var verification = _verifier.VerifyAsync(_request);
        return verification.IsCompletedSuccessfully && verification.Result.IsVerified;
    }

    /// <summary>The hashes alone, over bytes that somebody else has joined.</summary>
    public byte[] FloorJoined()
    {
        foreach (var hash in _floor)
        {
            hash.AppendData(_signedContent);
            hash.GetHashAndReset(_digest);
        }

        return _digest;
    }

    /// <summary>The hashes alone, over prefix and payload as a receiver has them: apart.</summary>
    public byte[] FloorApart()
    {
        foreach (var hash in _floor)
        {
            hash.AppendData(_prefix);
            hash.AppendData(_request.Body.Span);
            hash.GetHashAndReset(_digest);
        }

        return _digest;
    }

    public void Dispose()
    {
        _verifier.Dispose();
        foreach (var hash in _floor)
        {
            hash.Dispose();
        }
    }
}
