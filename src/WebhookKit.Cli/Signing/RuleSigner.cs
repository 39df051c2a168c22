using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.Verification;

namespace WebhookKit.Cli.Signing;

/// <summary>Does what a provider does whose rule is data; every secret signs where the header takes several signatures.</summary>
internal static class RuleSigner
{
    public static IReadOnlyList<KeyValuePair<string, string>> Sign(SignatureRule rule, SigningWork work)
    {
        var timestamp = Format(work.Timestamp, rule.TimestampFormat);
        var content = Content(rule, work, timestamp);
        var secrets = rule.Separator is null ? work.Secrets.Take(1) : work.Secrets;
        string[] signatures = [.. secrets.Select(secret => rule.Prefix + Encode(Compute(rule, secret, content), rule.Encoding))];

        var headers = new List<KeyValuePair<string, string>>();
        Add(rule.IdHeader, work.Id);
        Add(rule.TimestampHeader, timestamp);
        headers.AddRange(rule.RequiredHeaders);
        Add(rule.Header, Join(rule, signatures, timestamp));
        return headers;

        void Add(string? name, string value)
        {
            if (name is not null)
            {
                headers.Add(new(name, value));
            }
        }
    }

    private static string Join(SignatureRule rule, string[] signatures, string timestamp)
    {
        var items = signatures.Select(signature => rule.Labels is [var label, ..] ? $"{label}={signature}" : signature);
        if (rule.TimestampLabel is { } timestampLabel)
        {
            items = items.Prepend(timestampLabel.Length == 0 ? timestamp : $"{timestampLabel}={timestamp}");
        }

        return string.Join(rule.Separator ?? ',', items);
    }

    private static byte[] Content(SignatureRule rule, SigningWork work, string timestamp)
    {
        using var content = new MemoryStream();
        var rest = rule.Content.AsSpan();
        while (!rest.IsEmpty)
        {
            var open = rest.IndexOf('{');
            var close = open < 0 ? -1 : rest[open..].IndexOf('}') + open;
            if (open < 0 || close < open)
            {
                Write(rest.ToString());
                break;
            }

            Write(rest[..open].ToString());
            var name = rest[(open + 1)..close].ToString();
            if (name == "body")
            {
                content.Write(work.Request.Body.Span);
            }
            else
            {
                Write(Value(name, work, timestamp));
            }

            rest = rest[(close + 1)..];
        }

        return content.ToArray();

        void Write(string text) => content.Write(Encoding.UTF8.GetBytes(text));
    }

    private static string Value(string name, SigningWork work, string timestamp) => name switch
    {
        "id" => work.Id,
        "timestamp" => timestamp,
        "method" => work.Request.Method,
        "url" => work.Request.Url ?? throw new UsageException($"'{work.Provider.Name}' signs the URL: give --url."),
        _ when name.StartsWith("header:", StringComparison.Ordinal) => work.Request.Headers[name["header:".Length..]] is [{ } value]
            ? value
            : throw new UsageException($"'{work.Provider.Name}' signs a header: give --header '{name["header:".Length..]}: …'."),
        _ => throw new UsageException($"'{work.Provider.Name}' signs '{name}', which this tool does not know."),
    };

#pragma warning disable CA5350 // Some providers have nothing better.
    private static byte[] Compute(SignatureRule rule, string secret, byte[] content)
    {
        if (rule.ValidateSecret(secret) is { } error)
        {
            throw new UsageException(error);
        }

        var text = Encoding.UTF8.GetBytes(secret);
        var key = rule.KeyForm switch
        {
            KeyForm.Base64 => Convert.FromBase64String(secret),
            KeyForm.Hex => Convert.FromHexString(secret),
            KeyForm.Sha1OfText => SHA1.HashData(text),
            _ => text,
        };
        return rule.Algorithm switch
        {
            SignatureAlgorithm.HmacSha1 => HMACSHA1.HashData(key, content),
            SignatureAlgorithm.HmacSha256 => HMACSHA256.HashData(key, content),
            SignatureAlgorithm.HmacSha384 => HMACSHA384.HashData(key, content),
            SignatureAlgorithm.HmacSha512 => HMACSHA512.HashData(key, content),
            SignatureAlgorithm.Sha256OfKeyAndContent => SHA256.HashData([.. key, .. content]),
            _ => throw new UsageException($"The provider signs with a key that only it has ({rule.Algorithm}): its requests can be verified, not made."),
        };
    }
#pragma warning restore CA5350

    private static string Encode(byte[] signature, SignatureEncoding encoding) => encoding switch
    {
        SignatureEncoding.UpperCaseHex => Convert.ToHexString(signature),
        SignatureEncoding.Base64 => Convert.ToBase64String(signature),
        SignatureEncoding.Base64Url => Base64Url.EncodeToString(signature),
        _ => Convert.ToHexStringLower(signature),
    };

    private static string Format(DateTimeOffset timestamp, TimestampFormat format) => format switch
    {
        TimestampFormat.UnixMilliseconds => timestamp.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        TimestampFormat.Rfc3339 => timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        TimestampFormat.HttpDate => timestamp.UtcDateTime.ToString("r", CultureInfo.InvariantCulture),
        _ => timestamp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };
}
