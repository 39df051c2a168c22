using System.Globalization;
using System.Security.Cryptography;
using WebhookKit.Publishing;

namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>What a notification carries: the process that sent it, and what waits.</summary>
internal sealed class WakeUpPayload
{
    private const WaitingWork Everything = WaitingWork.Messages | WaitingWork.Deliveries;

    // One process sends on one connection and listens on another: the server's process id would not tell its own.
    private readonly string _node = RandomNumberGenerator.GetHexString(16, lowercase: true);

    public string Write(WaitingWork work) => string.Create(CultureInfo.InvariantCulture, $"{_node} {(int)work}");

    /// <summary>What another process has told; nothing, if it was this one. Of a text that says nothing else, everything.</summary>
    public WaitingWork Read(string payload)
    {
        var parts = payload.Split(' ');
        if (parts[0] == _node)
        {
            return WaitingWork.None;
        }

        return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var work) && work is > 0 and <= (int)Everything
            ? (WaitingWork)work
            : Everything;
    }
}
