namespace WebhookKit.Verification;

/// <summary>What verification came to; everything but <see cref="Verified"/> refuses the request.</summary>
public enum VerificationStatus
{
    /// <summary>Nothing was verified: the value of a forgotten result.</summary>
    None = 0,

    /// <summary>The signature matches and the timestamp is within tolerance.</summary>
    Verified,

    /// <summary>There is no id header.</summary>
    MissingId,

    /// <summary>There is more than one id header.</summary>
    DuplicateId,

    /// <summary>The id is empty, too long or has a character that ids may not have.</summary>
    MalformedId,

    /// <summary>There is no timestamp header.</summary>
    MissingTimestamp,

    /// <summary>There is more than one timestamp header.</summary>
    DuplicateTimestamp,

    /// <summary>The timestamp is not digits alone, or not an instant.</summary>
    MalformedTimestamp,

    /// <summary>There is no signature header.</summary>
    MissingSignature,

    /// <summary>There is more than one signature header.</summary>
    DuplicateSignature,

    /// <summary>The signature header is longer than any sender's.</summary>
    MalformedSignature,

    /// <summary>The signature header holds no well-formed signature of a version that the keys are for.</summary>
    NoUsableSignature,

    /// <summary>No signature matches any key: another secret, or changed bytes.</summary>
    SignatureMismatch,

    /// <summary>The signature matches but the signed timestamp is too old or too far ahead: a replay, or a wrong clock.</summary>
    TimestampOutsideTolerance,

    /// <summary>The request is signed, but in a form, a version or with an algorithm that the provider does not use.</summary>
    UnknownSignatureForm,

    /// <summary>A header that the signature covers is missing, or there more than once.</summary>
    MissingSignedHeader,

    /// <summary>The signature covers the URL and it is not known: the source needs its public URL.</summary>
    MissingUrl,

    /// <summary>The body cannot be read, and the signature or what it covers is in there.</summary>
    MalformedBody,

    /// <summary>The signature matches, but not what it says of the body: bytes were changed, added or encoded anew on the way.</summary>
    BodyMismatch,

    /// <summary>The request was made for another receiver, or by another sender.</summary>
    ClaimMismatch,

    /// <summary>The key that the request names is not one to be trusted.</summary>
    UntrustedKey,

    /// <summary>The key that the request names could not be fetched now; the sender should try again.</summary>
    KeyUnavailable,
}
