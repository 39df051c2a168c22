using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WebhookKit.Sender.Tests.Sending;

/// <summary>An authority of the tests' own, which this process trusts where the platform reads it from OpenSSL's variables.</summary>
internal static class TestCertificates
{
    private static readonly DateTimeOffset Epoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly X509Certificate2 Authority = CreateAuthority("WebhookKit tests");

    /// <summary>Whether certificates of the authority are good, so that each test differs from a good one in one thing.</summary>
    public static bool AreTrusted => OperatingSystem.IsLinux();

    public static X509Certificate2 Good => Issue();

    public static X509Certificate2 Expired => Issue(to: Epoch.AddYears(1));

    public static X509Certificate2 NotYetValid => Issue(from: Epoch.AddYears(70));

    public static X509Certificate2 OfAnotherHost => Issue(host: "other.example", address: IPAddress.Parse("127.0.0.2"));

    public static X509Certificate2 SelfSigned
    {
        get
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = Request(key, "localhost", IPAddress.Loopback).CreateSelfSigned(Epoch, Epoch.AddYears(80));
            return WithKey(certificate);
        }
    }

    /// <summary>Issued by nobody the server shows, with the URL at which the issuer is said to be found.</summary>
    public static X509Certificate2 WithoutItsIssuer(string issuerUrl)
    {
        using var stranger = CreateAuthority("stranger");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(key, "localhost", IPAddress.Loopback);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [issuerUrl]));
        using var certificate = request.Create(stranger, Epoch, Epoch.AddYears(80), RandomNumberGenerator.GetBytes(8));
        using var withKey = certificate.CopyWithPrivateKey(key);
        return WithKey(withKey);
    }

    // The platform reads its roots once, so that they have to be in place before the first handshake.
    [ModuleInitializer]
    internal static void Trust()
    {
        if (AreTrusted)
        {
            var folder = Directory.CreateTempSubdirectory("webhookkit-roots-").FullName;
            var file = Path.Combine(folder, "roots.pem");
            File.WriteAllText(file, Authority.ExportCertificatePem());
            SetEnvironment("SSL_CERT_FILE"u8, file);
            SetEnvironment("SSL_CERT_DIR"u8, folder);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        }
    }

    // OpenSSL reads the process's own environment, which .NET copies and then changes its copy of.
    private static void SetEnvironment(ReadOnlySpan<byte> name, string value) =>
        _ = SetEnvironment([.. name, 0], [.. Encoding.UTF8.GetBytes(value), 0], 1);

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(byte[] name, byte[] value, int overwrite);

    private static X509Certificate2 CreateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var certificate = request.CreateSelfSigned(Epoch, Epoch.AddYears(90));
        return WithKey(certificate);
    }

    private static X509Certificate2 Issue(
        string host = "localhost", IPAddress? address = null, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(key, host, address ?? IPAddress.Loopback)
            .Create(Authority, from ?? Epoch, to ?? Epoch.AddYears(80), RandomNumberGenerator.GetBytes(8));
        using var withKey = certificate.CopyWithPrivateKey(key);
        return WithKey(withKey);
    }

    private static CertificateRequest Request(ECDsa key, string host, IPAddress address)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        names.AddIpAddress(address);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    // A key that lives in memory only is not taken by every platform's TLS.
    private static X509Certificate2 WithKey(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
}
