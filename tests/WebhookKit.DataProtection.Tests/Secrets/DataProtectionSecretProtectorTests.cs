using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Secrets;

namespace WebhookKit.DataProtection.Tests.Secrets;

public sealed class DataProtectionSecretProtectorTests : IDisposable
{
    private static readonly SecretOwner Owner = new("acme", "ep_1");
    private readonly KeyRing _ring = new();
    private readonly string _secret = WebhookSecret.Generate().Reveal();

    public void Dispose() => _ring.Dispose();

    [Fact]
    public void Unprotect_InAnotherProcess_GivesTheSecret()
    {
        var kept = _ring.Protect(_secret, Owner);

        var read = _ring.Unprotect(kept, Owner);

        Assert.Equal((UnprotectStatus.Readable, _secret), (read.Status, read.Secret));
        Assert.DoesNotContain(_secret["whsec_".Length..], kept.ToString(), StringComparison.Ordinal);
        Assert.Equal(-1, kept.Ciphertext.Span.IndexOf(Encoding.UTF8.GetBytes(_secret)));
        Assert.DoesNotContain(_secret, $"{read}", StringComparison.Ordinal);
    }

    [Fact]
    public void Protect_Text_CanBeKeptAndReadBack()
    {
        var kept = _ring.Protect(_secret, Owner);

        Assert.Matches($"^whenc_{kept.KeyId}\\.[A-Za-z0-9_-]+$", kept.ToString());
        Assert.True(Guid.TryParse(kept.KeyId, out _));
        Assert.True(ProtectedSecret.TryParse(kept.ToString(), out var parsed));
        Assert.Equal(_secret, _ring.Unprotect(parsed, Owner).Secret);
    }

    public static TheoryData<string?, string> Strangers => new()
    {
        { "acme", "ep_2" },
        { "other", "ep_1" },
        { null, "ep_1" },
        { "", "ep_1" },
        { "acme", "EP_1" },
        { "acme\0ep_1", "" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public void Unprotect_ByAnotherOwner_SaysNotTheOwners(string? tenant, string id)
    {
        var kept = _ring.Protect(_secret, Owner);

        var read = _ring.Unprotect(kept, new SecretOwner(tenant, id));

        Assert.Equal((UnprotectStatus.NotTheOwners, null), (read.Status, read.Secret));
    }

    [Fact]
    public void Unprotect_AnyByteChangedOrCut_NeverGivesAText()
    {
        var kept = _ring.Protect(_secret, Owner);
        var bytes = kept.Ciphertext.ToArray();

        _ring.With(protector =>
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                var changed = bytes.ToArray();
                changed[at] ^= 1;
                AssertUnreadable(protector, ProtectedSecret.Create(kept.KeyId, changed));
            }

            for (var length = 1; length < bytes.Length; length++)
            {
                AssertUnreadable(protector, ProtectedSecret.Create(kept.KeyId, bytes[..length]));
            }

            // The id outside must be that of the key inside.
            AssertUnreadable(protector, ProtectedSecret.Create(Guid.Empty.ToString(), bytes));
            AssertUnreadable(protector, ProtectedSecret.Create("vault:key/1", bytes));
            return true;
        });
    }

    [Fact]
    public void Unprotect_KeyRingLost_SaysWhichKeyIsMissing()
    {
        var kept = _ring.Protect(_secret, Owner);
        _ring.Lose();

        var read = _ring.Unprotect(kept, Owner);

        Assert.Equal((UnprotectStatus.KeyMissing, null), (read.Status, read.Secret));

        // What is protected since then has a key of its own, and does not bring the lost one back.
        Assert.NotEqual(kept.KeyId, _ring.Protect(_secret, Owner).KeyId);
        Assert.Equal(UnprotectStatus.KeyMissing, _ring.Unprotect(kept, Owner).Status);
    }

    [Fact]
    public void Unprotect_NewerKey_AsksToProtectAgain()
    {
        var old = _ring.Protect(_secret, Owner);
        _ring.AddKey();

        var read = _ring.Unprotect(old, Owner);
        var again = _ring.Protect(read.Secret!, Owner);

        Assert.Equal((UnprotectStatus.ReadableWithOldKey, _secret), (read.Status, read.Secret));
        Assert.NotEqual(old.KeyId, again.KeyId);
        Assert.Equal((UnprotectStatus.Readable, _secret), (_ring.Unprotect(again, Owner).Status, _ring.Unprotect(again, Owner).Secret));
    }

    [Fact]
    public void Unprotect_RevokedKey_GivesNothing()
    {
        var kept = _ring.Protect(_secret, Owner);
        _ring.AddKey();
        _ring.Revoke(kept.KeyId);

        var read = _ring.Unprotect(kept, Owner);

        Assert.Equal((UnprotectStatus.KeyRevoked, null), (read.Status, read.Secret));
    }

    [Fact]
    public void Protect_NoSecret_Throws() =>
        Assert.ThrowsAny<ArgumentException>(() => _ring.Protect("", Owner));

    [Fact]
    public void Protect_ProviderOfAnotherKind_IsRefusedBeforeAnythingIsKept()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddWebhooks().UseDataProtection();
        services.AddSingleton<IDataProtectionProvider>(new Reverses());
        using var provider = services.BuildServiceProvider();

        Assert.Throws<NotSupportedException>(() => provider.GetRequiredService<ISecretProtector>().Protect(_secret, Owner));
    }

    private static void AssertUnreadable(ISecretProtector protector, ProtectedSecret secret)
    {
        var read = protector.Unprotect(secret, Owner);
        Assert.Null(read.Secret);
        Assert.True(read.Status is UnprotectStatus.NotTheOwners or UnprotectStatus.KeyMissing, read.ToString());
    }

    private sealed class Reverses : IDataProtectionProvider, IPersistedDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => this;

        public byte[] Protect(byte[] plaintext) => [.. plaintext.Reverse()];

        public byte[] Unprotect(byte[] protectedData) => Protect(protectedData);

        public byte[] DangerousUnprotect(byte[] protectedData, bool ignoreRevocationErrors, out bool requiresMigration, out bool wasRevoked)
        {
            (requiresMigration, wasRevoked) = (false, false);
            return Protect(protectedData);
        }
    }
}
