using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Secrets;

namespace WebhookKit.DataProtection.Tests;

/// <summary>A folder of keys, and processes that use it one after the other.</summary>
internal sealed class KeyRing : IDisposable
{
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("webhookkit-keys-");

    /// <summary>Runs in a process of its own, as far as the key ring can tell.</summary>
    public T With<T>(Func<ISecretProtector, T> use)
    {
        using var services = Services();
        return use(services.GetRequiredService<ISecretProtector>());
    }

    public ProtectedSecret Protect(string secret, SecretOwner owner) => With(protector => protector.Protect(secret, owner));

    public UnprotectedSecret Unprotect(ProtectedSecret secret, SecretOwner owner) => With(protector => protector.Unprotect(secret, owner));

    /// <summary>Makes a newer key, already active.</summary>
    public void AddKey()
    {
        using var services = Services();
        var now = TimeProvider.System.GetUtcNow();
        services.GetRequiredService<IKeyManager>().CreateNewKey(now, now.AddDays(90));
    }

    public void Revoke(string keyId)
    {
        using var services = Services();
        services.GetRequiredService<IKeyManager>().RevokeKey(Guid.Parse(keyId));
    }

    public void Lose()
    {
        foreach (var file in Folder.EnumerateFiles())
        {
            file.Delete();
        }
    }

    public void Dispose() => Folder.Delete(recursive: true);

    private ServiceProvider Services()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddDataProtection().SetApplicationName("shop").PersistKeysToFileSystem(Folder);
        services.AddWebhooks().UseDataProtection();
        return services.BuildServiceProvider();
    }
}
