using System.Security.Cryptography;
using System.Text;

namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>The names that PostgreSQL takes for a channel.</summary>
internal static class WakeUpChannel
{
    private const string Prefix = "webhookkit_";

    /// <summary>The channel of the nodes whose tables are in a schema; the database divides channels by itself.</summary>
    public static string OfSchema(string schema)
    {
        var name = Prefix + schema;
        return Encoding.UTF8.GetByteCount(name) <= WakeUpDefaults.MaxChannelBytes
            ? name
            : Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(schema)).AsSpan(0, 16));
    }

    /// <summary>The name as an identifier in SQL.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static bool IsValid(string name) =>
        name.Length > 0
        && !name.Contains('\0', StringComparison.Ordinal)
        && Encoding.UTF8.GetByteCount(name) <= WakeUpDefaults.MaxChannelBytes;
}
