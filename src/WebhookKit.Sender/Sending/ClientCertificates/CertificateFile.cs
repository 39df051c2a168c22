using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Sending;

/// <summary>A client certificate in files, read anew when these have changed. Thread-safe.</summary>
internal sealed class CertificateFile(
    string name, string path, string? keyPath, string? password, TimeProvider timeProvider, ILogger<CertificateFile> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private ClientCertificate? _certificate;
    private byte[] _read = [];
    private long? _readAt;
    private bool _isTold;

    /// <summary>Gives the certificate as it was 30 seconds ago at the oldest; the last good one while the files cannot be read.</summary>
    public ClientCertificate? Find()
    {
        lock (_gate)
        {
            if (_readAt is { } readAt && timeProvider.GetElapsedTime(readAt) < Interval)
            {
                return _certificate;
            }

            _readAt = timeProvider.GetTimestamp();
            try
            {
                Read();
                _isTold = false;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                // Perhaps half written: it is tried again.
                if (!_isTold)
                {
                    logger.ClientCertificateUnreadable(exception, name);
                    _isTold = true;
                }
            }

            return _certificate;
        }
    }

    private void Read()
    {
        byte[] bytes = [.. File.ReadAllBytes(path), .. keyPath is null ? [] : File.ReadAllBytes(keyPath)];
        if (bytes.AsSpan().SequenceEqual(_read))
        {
            return;
        }

        var isPem = bytes.AsSpan().IndexOf("-----BEGIN "u8) >= 0;
        _certificate = isPem ? ReadPem() : ReadPkcs12();
        _read = bytes;
    }

    private ClientCertificate ReadPem()
    {
        using var withKey = password is null
            ? X509Certificate2.CreateFromPemFile(path, keyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(path);
        return new ClientCertificate(Keep(withKey), WithoutFirst(chain, withKey));
    }

    private ClientCertificate ReadPkcs12()
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        var withKey = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new CryptographicException("The file holds no certificate with a private key.");
        return new ClientCertificate(withKey, WithoutFirst(all, withKey));
    }

    // A key that lives in memory only is not taken by every platform's TLS.
    private static X509Certificate2 Keep(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);

    private static X509Certificate2Collection WithoutFirst(X509Certificate2Collection all, X509Certificate2 first) =>
        new(all.Where(certificate => !certificate.RawDataMemory.Span.SequenceEqual(first.RawDataMemory.Span)).ToArray());
}
