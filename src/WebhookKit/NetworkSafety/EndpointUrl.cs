using System.Net;

namespace WebhookKit.NetworkSafety;

/// <summary>Validates and normalises endpoint URLs before any name is resolved.</summary>
/// <remarks>This spares people surprises; the security boundary is the connect of <see cref="GuardedHttpHandler"/>.</remarks>
public static class EndpointUrl
{
    /// <summary>The most characters a URL may have, as given and as normalised.</summary>
    public const int MaxLength = 2048;

    // RFC 1035 section 2.3.4, as text without the last dot.
    private const int MaxHostLength = 253;

    // Covers metadata.google.internal too.
    private static readonly string[] InternalSuffixes = [".local", ".internal"];

    /// <summary>Validates a URL against a policy. Never throws on a URL.</summary>
    public static EndpointUrlResult Validate(string? url, NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (url?.Length > MaxLength)
        {
            return new(EndpointUrlStatus.TooLong);
        }

        // Uri would trim white space and turn backslashes into slashes; what it is given should be what it means.
        if (string.IsNullOrEmpty(url)
            || url.Any(c => c == '\\' || char.IsWhiteSpace(c) || char.IsControl(c))
            || !Uri.TryCreate(url, UriKind.Absolute, out var given))
        {
            return new(EndpointUrlStatus.Malformed);
        }

        Uri? normalised = null;
        var objection = CheckParts(given, policy) ?? Normalise(given, out normalised) ?? CheckHost(normalised!, policy);
        return objection is { } status ? new(status) : new(EndpointUrlStatus.Valid, normalised);
    }

    private static EndpointUrlStatus? CheckParts(Uri given, NetworkPolicy policy)
    {
        if (given.Scheme != Uri.UriSchemeHttps && !(given.Scheme == Uri.UriSchemeHttp && policy.AllowInsecureEndpoints))
        {
            return EndpointUrlStatus.SchemeNotAllowed;
        }

        return given.UserInfo.Length > 0 ? EndpointUrlStatus.UserInfoNotAllowed
            : given.Fragment.Length > 0 ? EndpointUrlStatus.FragmentNotAllowed
            : null;
    }

    // The checks of the host have to see what the resolver will see: the ASCII form without a trailing dot, parsed anew,
    // because "127.0.0.1." and full-width digits count as names until then.
    private static EndpointUrlStatus? Normalise(Uri given, out Uri? normalised)
    {
        normalised = null;
        string host;
        try
        {
            host = given.IdnHost;
        }
        catch (UriFormatException)
        {
            return EndpointUrlStatus.Malformed;
        }

        if (given.HostNameType == UriHostNameType.IPv6)
        {
            if (host.Contains('%', StringComparison.Ordinal))
            {
                return EndpointUrlStatus.ZoneNotAllowed;
            }

            host = $"[{host}]";
        }
        else if (host.EndsWith('.'))
        {
            host = host[..^1];
        }

        var text = $"{given.Scheme}://{host}:{given.Port}{given.PathAndQuery}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out normalised)
            || normalised.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6)
            || host.Length > MaxHostLength)
        {
            return EndpointUrlStatus.Malformed;
        }

        return normalised.AbsoluteUri.Length > MaxLength ? EndpointUrlStatus.TooLong : null;
    }

    private static EndpointUrlStatus? CheckHost(Uri url, NetworkPolicy policy)
    {
        var name = url.IdnHost;
        if (IPAddress.TryParse(name, out var address))
        {
            return policy.Permits(address, url.Port, out var addressClass) ? null
                : addressClass == AddressClass.Public || (addressClass == AddressClass.Loopback && policy.AllowLoopback)
                    ? EndpointUrlStatus.PortNotAllowed
                    : EndpointUrlStatus.AddressNotAllowed;
        }

        if (name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal))
        {
            return !policy.AllowLoopback ? EndpointUrlStatus.HostNameNotAllowed
                : url.Port == 0 ? EndpointUrlStatus.PortNotAllowed
                : null;
        }

        if (!name.Contains('.', StringComparison.Ordinal)
            || InternalSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)))
        {
            return EndpointUrlStatus.HostNameNotAllowed;
        }

        return policy.PermitsPortSomewhere(url.Port) ? null : EndpointUrlStatus.PortNotAllowed;
    }
}
