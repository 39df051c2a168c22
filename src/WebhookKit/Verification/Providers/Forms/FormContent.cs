using System.Text;

namespace WebhookKit.Verification;

/// <summary>What Twilio and Mandrill sign of a form: every field by name, name and value without a separator.</summary>
internal static class FormContent
{
    /// <summary>Mandrill's: several values of one name stay as they came.</summary>
    public static byte[] InOrder(IEnumerable<KeyValuePair<string, string>> fields) =>
        Join(fields.OrderBy(field => field.Key, StringComparer.Ordinal));

    /// <summary>Twilio's: several values of one name are sorted, and equal ones count once.</summary>
    public static byte[] OfEach(IEnumerable<KeyValuePair<string, string>> fields) =>
        Join(fields.Distinct().OrderBy(field => field.Key, StringComparer.Ordinal).ThenBy(field => field.Value, StringComparer.Ordinal));

    private static byte[] Join(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var content = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            content.Append(name).Append(value);
        }

        return Encoding.UTF8.GetBytes(content.ToString());
    }
}
