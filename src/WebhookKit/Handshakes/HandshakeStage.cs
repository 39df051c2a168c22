namespace WebhookKit.Handshakes;

/// <summary>When a handshake's question is looked for.</summary>
public enum HandshakeStage
{
    /// <summary>Never: the value of a forgotten choice.</summary>
    None = 0,

    /// <summary>Before the signature: the provider does not sign the question.</summary>
    BeforeVerification,

    /// <summary>After the signature: an unsigned question gets no answer.</summary>
    AfterVerification,
}
