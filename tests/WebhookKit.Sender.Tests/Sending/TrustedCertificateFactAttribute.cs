namespace WebhookKit.Sender.Tests.Sending;

/// <summary>A test that needs a handshake which succeeds; it is reported as skipped where the tests' own authority cannot be made known.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TrustedCertificateFactAttribute : FactAttribute
{
    public TrustedCertificateFactAttribute() =>
        Skip = TestCertificates.AreTrusted ? null : "This platform does not read the authority of the tests.";
}
