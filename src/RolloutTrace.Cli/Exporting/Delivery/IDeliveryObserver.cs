namespace RolloutTrace.Cli;

/// <summary>Is told how a delivery goes on.</summary>
internal interface IDeliveryObserver
{
    /// <summary>A request is done with, whatever became of it.</summary>
    void Sent(int spans);

    /// <summary>A request is going to be sent again.</summary>
    void Waiting(string why, TimeSpan wait);

    /// <summary>The receiver took everything, and has something to say.</summary>
    void Warned(string words);
}
