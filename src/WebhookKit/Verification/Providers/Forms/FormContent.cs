using System.Text;

namespace WebhookKit.Verification;

/// <summary>What Twilio and Mandrill sign of a form: every field by name, name and value without a separator.</summary>
internal static class FormContent
{
    public static byte[] Of(IEnumerable<KeyValuePair<string, string>> fields)
    {
        // Several values of one name are sorted, and equal ones count once.
        var content = new StringBuilder();
        foreach (var (name, value) in fields.Distinct().OrderBy(field => field.Key, StringComparer.Ordinal).ThenBy(field => field.Value, StringComparer.Ordinal))
        {
            content.Append(name).Append(value);
        }

        return Encoding.UTF8.GetBytes(content.ToString());
    }
}
