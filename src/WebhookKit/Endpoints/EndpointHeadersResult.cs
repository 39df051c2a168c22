namespace WebhookKit.Endpoints;

/// <summary>What the validation of an endpoint's custom headers came to.</summary>
/// <param name="Status">The cause, or <see cref="EndpointHeaderStatus.Valid"/>.</param>
/// <param name="Name">The header it is about, where there is one and its name can be shown.</param>
public readonly record struct EndpointHeadersResult(EndpointHeaderStatus Status, string? Name = null)
{
    /// <summary>Whether the headers may be used.</summary>
    public bool IsValid => Status == EndpointHeaderStatus.Valid;

    /// <summary>What is wrong and what cures it, without any value, which may be a password; null when valid.</summary>
    public string? Error => Status switch
    {
        EndpointHeaderStatus.Valid => null,
        EndpointHeaderStatus.None => "The headers were not validated.",
        EndpointHeaderStatus.NameTooLong => $"A header name is too long: use at most {EndpointHeaders.MaxNameLength} characters.",
        EndpointHeaderStatus.NameReserved =>
            $"The header '{Name}' is set by HTTP, a proxy, tracing or the signature: choose another name.",
        EndpointHeaderStatus.NameRepeated => $"The header '{Name}' is given more than once: give each name once.",
        EndpointHeaderStatus.ValueMalformed =>
            $"The value of the header '{Name}' holds more than visible ASCII characters, with spaces only between them: encode it, "
            + "for example as base64.",
        EndpointHeaderStatus.ValueTooLong =>
            $"The value of the header '{Name}' is too long: use at most {EndpointHeaders.MaxValueLength} characters.",
        EndpointHeaderStatus.TooMany => $"There are too many headers: use at most {EndpointHeaders.MaxHeaders}.",
        _ => "A header name is malformed: use letters, digits and hyphens, such as X-Api-Key.",
    };
}
