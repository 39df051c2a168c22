using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookKit.NetworkSafety;
using WebhookKit.Testing;
using Found = WebhookKit.Sending.ClientCertificates;

namespace WebhookKit.Sender.Tests.Sending.ClientCertificates;

public sealed class CertificateFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhookkit-certificates-").FullName;
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly RecordingLogger _log = new();
    private readonly X509Certificate2 _first = Exportable(TestCertificates.Good);
    private readonly X509Certificate2 _second = Exportable(TestCertificates.Good);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Find_PemWithItsKeyBeside_IsReadWithWhatFollows()
    {
        await File.WriteAllTextAsync(PathOf("cert.pem"), $"{_first.ExportCertificatePem()}\n{_second.ExportCertificatePem()}\n");
        await File.WriteAllTextAsync(PathOf("key.pem"), KeyOf(_first));
        await using var services = Build(("Path", PathOf("cert.pem")), ("KeyPath", PathOf("key.pem")));

        var certificate = await FindAsync(services);

        Assert.Equal((_first.Thumbprint, true), (certificate!.Certificate.Thumbprint, certificate.Certificate.HasPrivateKey));
        Assert.Equal(_second.Thumbprint, Assert.Single(certificate.Intermediates!).Thumbprint);
    }

    [Fact]
    public async Task Find_PemOfOneFile_IsRead()
    {
        await File.WriteAllTextAsync(PathOf("both.pem"), $"{KeyOf(_first)}\n{_first.ExportCertificatePem()}\n");
        await using var services = Build(("Path", PathOf("both.pem")));

        Assert.Equal(_first.Thumbprint, (await FindAsync(services))!.Certificate.Thumbprint);
    }

    [Fact]
    public async Task Find_Pkcs12WithPassword_IsRead()
    {
        await File.WriteAllBytesAsync(PathOf("cert.pfx"), _first.Export(X509ContentType.Pkcs12, "open sesame"));
        await using var services = Build(("Path", PathOf("cert.pfx")), ("Password", "open sesame"));

        Assert.Equal(_first.Thumbprint, (await FindAsync(services))!.Certificate.Thumbprint);
    }

    [Fact]
    public async Task Find_FileIsReplaced_GivesTheNewOneAndTheLastGoodOneMeanwhile()
    {
        var path = PathOf("cert.pfx");
        await File.WriteAllBytesAsync(path, _first.Export(X509ContentType.Pkcs12));
        await using var services = Build(("Path", path));
        var first = await FindAsync(services);

        await File.WriteAllBytesAsync(path, _second.Export(X509ContentType.Pkcs12)[..100]);
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Same(first, await FindAsync(services));
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Same(first, await FindAsync(services));
        Assert.Equal(1, _log.Count("ClientCertificateUnreadable"));

        await File.WriteAllBytesAsync(path, _second.Export(X509ContentType.Pkcs12));
        Assert.Same(first, await FindAsync(services));
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(_second.Thumbprint, (await FindAsync(services))!.Certificate.Thumbprint);
    }

    [Fact]
    public async Task Find_FileThatIsNotThere_IsMissingAndLogged()
    {
        await using var services = Build(("Path", PathOf("none.pem")));

        Assert.Null(await FindAsync(services));
        Assert.Equal(1, _log.Count("ClientCertificateUnreadable"));
    }

    [Fact]
    public async Task Errors_NoPath_NamesTheKey()
    {
        await using var services = Build(("Password", "hunter2"));

        var error = Assert.Single(services.GetRequiredService<Found>().Errors);

        Assert.Contains("Webhooks:Sender:ClientCertificates:ours:Path", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    private static async Task<ClientCertificate?> FindAsync(IServiceProvider services) =>
        (await services.GetRequiredService<Found>().FindAsync(new("ours", null, default), default)).Certificate;

    private static string KeyOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static X509Certificate2 Exportable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private ServiceProvider Build(params (string Key, string Value)[] values)
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_log));
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            values.Select(value => KeyValuePair.Create($"Webhooks:Sender:ClientCertificates:ours:{value.Key}", (string?)value.Value))).Build());
        services.AddWebhooks().AddSender();
        return services.BuildServiceProvider();
    }
}
