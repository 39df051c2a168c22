using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Checking;

/// <summary>I4: every request verifies, with a timestamp made for this attempt.</summary>
internal sealed class OwnSignature : IInvariant
{
    public const string Id = "I4";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public IEnumerable<Violation> Check(Evidence evidence) =>
        evidence.History.Requests
            .Where(request => !request.IsVerified || (request.ArrivedAt - SignedAt(request)).Duration() > Tolerance)
            .Select(request => new Violation(Id, $"{request.Node} sent message {request.MessageId} at {request.ArrivedAt:O} with a signature that does not verify."))
            .Concat(evidence.Stories.SelectMany(Borrowed));

    // A request that an attempt accounts for bears the second in which that attempt began.
    private static IEnumerable<Violation> Borrowed(DeliveryStory story) => story.MatchedRequests
        .Where(pair => pair.Attempt is { } attempt && attempt.StartedAt.ToUnixTimeSeconds() != pair.Request.Timestamp)
        .Select(pair => new Violation(
            Id, $"An attempt of delivery {story.Delivery.Id} began at {pair.Attempt!.StartedAt:O} but was signed for {SignedAt(pair.Request):O}."));

    private static DateTimeOffset SignedAt(Request request) => DateTimeOffset.FromUnixTimeSeconds(request.Timestamp);
}
