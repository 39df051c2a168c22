using WebhookKit.Verification;

namespace WebhookKit.Cli.Verification;

/// <summary>What verification came to, and what that means; never a secret or an expected signature.</summary>
internal sealed record Finding(VerificationStatus Status, Cause Cause, string Detail)
{
    public bool IsVerified => Status == VerificationStatus.Verified;

    public string CauseName => Cause switch
    {
        Cause.MissingHeader => "missing header",
        Cause.MalformedHeader => "malformed header",
        Cause.Clock => "clock",
        Cause.Key => "key",
        Cause.Body => "altered body",
        Cause.Url => "url",
        _ => "",
    };

    public string ToJson() => JsonText.Object(writer =>
    {
        writer.WriteBoolean("verified", IsVerified);
        writer.WriteString("status", Status.ToString());
        if (!IsVerified)
        {
            writer.WriteString("cause", CauseName);
        }

        writer.WriteString("detail", Detail);
    });

    public override string ToString() => IsVerified ? $"verified: {Detail}" : $"refused: {CauseName} ({Status}). {Detail}";
}
