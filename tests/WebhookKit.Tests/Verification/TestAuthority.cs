using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebhookKit.Tests.Verification;

/// <summary>Issues certificates; one that nobody has issued itself is a root.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string? _url;
    private long _issued;

    private TestAuthority(string name, DateTimeOffset now, string? url, TestAuthority? issuer, TimeSpan? goodFor)
    {
        _url = url;
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        Certificate = (issuer ?? this).Sign(request, now, goodFor ?? TimeSpan.FromDays(3650));
    }

    public X509Certificate2 Certificate { get; }

    public static TestAuthority Root(string name, DateTimeOffset now) => new(name, now, url: null, issuer: null, goodFor: null);

    /// <summary>An authority whose certificates say that its own is at a URL.</summary>
    public TestAuthority Issue(string name, DateTimeOffset now, string? url, TimeSpan? goodFor = null) => new(name, now, url, this, goodFor);

    public X509Certificate2 Issue(string name, RSA key, DateTimeOffset now) =>
        Sign(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), now, TimeSpan.FromDays(700));

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset now, TimeSpan goodFor)
    {
        if (_url is not null)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(ocspUris: null, caIssuersUris: [_url]));
        }

        return request.Create(
            Certificate?.SubjectName ?? request.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_key),
            now.AddDays(-1),
            now + goodFor,
            BitConverter.GetBytes(++_issued));
    }
}
