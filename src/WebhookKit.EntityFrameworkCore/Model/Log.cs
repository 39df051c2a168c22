using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.EntityFrameworkCore.Model;

/// <summary>What comparing the database with the model says.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = WebhookEventIds.EntityFrameworkCore + 0, EventName = nameof(DatabaseUnreachable), Level = LogLevel.Warning,
        Message = "The database of '{Context}' does not answer or does not exist; its webhook tables are checked once it answers. "
            + "A new database has to be made before the host starts: 'dotnet ef database update' or Database.EnsureCreated()")]
    public static partial void DatabaseUnreachable(ILogger logger, string context);

    [LoggerMessage(EventId = WebhookEventIds.EntityFrameworkCore + 1, EventName = nameof(DatabaseAnswers), Level = LogLevel.Information,
        Message = "The database of '{Context}' answers and has the webhook tables")]
    public static partial void DatabaseAnswers(ILogger logger, string context);

    [LoggerMessage(EventId = WebhookEventIds.EntityFrameworkCore + 2, EventName = nameof(SchemaMissing), Level = LogLevel.Critical,
        Message = "The host stops: {Missing}")]
    public static partial void SchemaMissing(ILogger logger, string missing);
}
